#!/usr/bin/env bash
# Whether nodes of two versions work in one cluster: builds a commit (the one before, by default) and runs a cluster of nine processes through a rolling change
# from it to this tree during a job, and back.
#   tests/rolling-upgrade.sh [COMMIT]
set -euo pipefail
root=$(realpath "$(dirname "$0")/..")
commit=$(git -C "$root" rev-parse --verify "${1:-HEAD~1}^{commit}")
earlier=$(mktemp -d)
trap 'git -C "$root" worktree remove --force "$earlier/tree"; rm -rf "$earlier"' EXIT
git -C "$root" worktree add --detach "$earlier/tree" "$commit"
dotnet build -c Release "$earlier/tree/src/Koala"
export KOALA_EARLIER
KOALA_EARLIER=$(find "$earlier/tree/src/Koala/bin/Release" -type f -name koala -perm -u+x | head -n 1)
dotnet test -c Release "$root/tests/Koalarization.Integration" --filter FullyQualifiedName~RollingUpgradeTests --logger 'console;verbosity=normal'
