#!/usr/bin/env bash
# Packs what measure.sh needs on a machine without .NET and without a network: pack.sh OUT_DIR
# The program has no libtorch and no symbols; with libjpeg-turbo, golden pictures and a checkpoint of made-up weights it is below 40 MB.
set -euo pipefail
out=$(realpath -m "$1")
root=$(realpath "$(dirname "$0")/../../..")
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

dotnet publish "$root/src/Koala" -c Release -r linux-x64 --self-contained -p:TorchDevice=none \
  -p:DebugType=none -p:DebugSymbols=false -p:PublishDocumentationFiles=false -p:PublishReferencesDocumentationFiles=false -p:RunAnalyzers=false -o "$work/koala"

# Without the parts of ASP.NET that nothing here calls, and the debugger's: the package stays below 40 MB.
python3 - "$work/koala" <<'PRUNE'
import json, pathlib, re, sys

program = pathlib.Path(sys.argv[1])
unused = re.compile(
    r"Microsoft\.(AspNetCore\.(Mvc|Components|Identity|SignalR|Razor|Server\.(HttpSys|IIS)|OutputCaching|Response|Rewrite|Session|SpaServices|WebSockets"
    r"|HttpLogging|Antiforgery|Html|Localization|Cors|CookiePolicy|DataProtection|StaticAssets|HeaderPropagation)|VisualBasic|JSInterop)"
    r"|libclrgcexp\.so|libmscord|createdump|libcoreclrtraceptprovider"
)
manifest = program / "koala.deps.json"
dependencies = json.loads(manifest.read_text())
for target in dependencies["targets"].values():
    for library in target.values():
        for kind in ("runtime", "native"):
            for file in [name for name in library.get(kind, {}) if unused.match(pathlib.Path(name).name)]:
                del library[kind][file]
                (program / pathlib.Path(file).name).unlink(missing_ok=True)
manifest.write_text(json.dumps(dependencies))
PRUNE

cp -L /usr/lib/x86_64-linux-gnu/libturbojpeg.so.0 "$work/koala/"
cp -r "$root/python/src/koalarization_reader" "$work/"
mkdir -p "$work/golden/records"
mkdir -p "$work/golden/resized_299x299"
cp -r "$root/tests/golden/pictures" "$work/golden/"
cp -r "$root/tests/golden/resized_299x299/files" "$work/golden/resized_299x299/"
cp "$root"/tests/golden/records/{embeddings_fast_dct.f32,names.txt} "$work/golden/records/"
xz -dc "$root/tests/golden/checkpoints/full_v1.ckpt.xz" >"$work/golden/full_v1.ckpt"
tar -C "$work" -c koala koalarization_reader golden | xz -T0 --x86 --lzma2=preset=9e,dict=64MiB >"$out/koala-gpu.tar.xz"
cp "$root"/tests/Koalarization.Benchmarks/gpu/{measure.sh,timm_rate.py,golden_logits.py} "$out/"
ls -l "$out"
