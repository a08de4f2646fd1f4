#!/usr/bin/env bash
# Measures koala on a GPU against PyTorch on the same card, in some three minutes. Needs what pack.sh made beside it, and a python3 with torch (for CUDA) and timm.
#   bash measure.sh [OUT_DIR]
# DEVICE=cpu tries the script where there is no GPU; KOALA_LIBTORCH is found by asking python3 where it is not given.
set -uo pipefail
here=$(realpath "$(dirname "$0")")
out=$(realpath -m "${1:-$here/measured}")
device=${DEVICE:-cuda}
work=$(mktemp -d -p "${WORK:-/tmp}")
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"
say() { printf '\n== %s (%s s)\n' "$1" "$SECONDS"; }

tar -C "$work" -xJf "$here/koala-gpu.tar.xz"
koala=$work/koala/koala
golden=$work/golden
export PYTHONPATH=$work
export LD_LIBRARY_PATH=$work/koala${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
if [ -z "${KOALA_LIBTORCH:-}" ]; then
  KOALA_LIBTORCH=$(python3 -c 'import os, torch; print(os.path.join(os.path.dirname(torch.__file__), "lib"))')
fi
export KOALA_LIBTORCH
bench() { "$koala" bench-embed "$golden/resized_299x299/files" --device "$device" -c "$golden/full_v1.ckpt" "$@"; }
timm() { if [ "$device" = cuda ]; then python3 "$here/timm_rate.py" "$@"; fi; }

say 'the machine'
if [ "$device" = cuda ]; then nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader; fi
nproc
"$koala" doctor

if [ "$device" = cuda ]; then fast=fp16 batches=32,64,128,256; else fast=fp32 batches=8; fi
for round in 1 2; do
  say "koala bench-embed, $fast, round $round"
  bench --precision $fast --batch $batches --seconds 2 | tee -a "$out/bench.txt"
  say "timm, round $round"
  timm | tee -a "$out/timm.txt"
done

if [ "$device" = cuda ]; then
  say 'the other precisions'
  bench --precision fp32,tf32,bf16 --batch 128 --seconds 2 | tee -a "$out/bench.txt"
fi

for precision in fp32 ${OTHERS:-tf32 bf16 fp16}; do
  [ "$device" = cuda ] || [ $precision = fp32 ] || continue
  say "golden logits in $precision"
  "$koala" lab-batch "$golden/resized_299x299/files" "$work/records-$precision" -c "$golden/full_v1.ckpt" --device "$device" --precision $precision
  python3 "$here/golden_logits.py" "$work/records-$precision" "$golden/records" $precision | tee -a "$out/golden.txt"
done

say 'a whole run of a folder'
mkdir "$work/originals"
for copy in $(seq "${COPIES:-200}"); do
  for picture in "$golden"/pictures/*.[jJ]*; do ln "$picture" "$work/originals/$copy-$(basename "$picture")"; done
done
ls "$work/originals" | wc -l
time "$koala" run "$work/originals" "$work/set" -c "$golden/full_v1.ckpt" --device "$device" --precision $fast --json >"$out/run.json" 2>"$out/run.err"
tail -n 2 "$out/run.json"
say 'records of resized pictures alone'
time "$koala" lab-batch "$work/set/resized" "$work/records" -c "$golden/full_v1.ckpt" --device "$device" --precision $fast
say 'done'
