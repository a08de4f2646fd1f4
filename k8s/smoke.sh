#!/usr/bin/env bash
# The first thing to run on a real cluster, after steps 1 to 3 of k8s/README.md:
#   k8s/smoke.sh OVERLAY [LIST]
# OVERLAY is a folder of k8s/overlays; LIST is a file or URL of some hundred links of pictures that pods can reach. It ends with "smoke: all seen", or at the
# first thing that is not as it should be, with what was expected.
set -euo pipefail
cd "$(dirname "$0")"

overlay=${1:?usage: k8s/smoke.sh OVERLAY [LIST]}
list=${2:-}
namespace=koala
set=smoke-$(date +%s)

k() { kubectl -n "$namespace" "$@"; }
koala() { k exec koala-control-0 -- /koala/koala "$@"; }
expect() {
  echo "== $1"
  shift
  "$@" || { echo "smoke: NOT SEEN; look at: kubectl -n $namespace describe pod, kubectl -n $namespace logs POD"; exit 1; }
}
until_true() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 5
  done
}
phase_is() { koala status "$set" --json | grep -q "\"phase\":\"$1\""; }
records_written() { [ "$(koala status "$set" --json | grep -o '"records_written":[0-9]*' | cut -d: -f2)" -gt 0 ]; }
up() { [ "$(koala nodes --json | grep -o '"state":"Up"' | wc -l)" -ge "$1" ]; }
ready() { [ "$(k get pods -l "app.kubernetes.io/component=$1" -o jsonpath='{range .items[*]}{.status.containerStatuses[0].ready}{"\n"}{end}' | grep -c true)" -ge "$2" ]; }

expect "the overlay is taken, restricted pod security included: no line says 'would violate'" kubectl apply -k "overlays/$overlay"
expect "control nodes are ready: they reach each other by name and with TLS" k rollout status statefulset/koala-control --timeout=10m
expect "fetch and write nodes are ready" k wait --for=condition=Available deployment/koala-fetch deployment/koala-write --timeout=15m
expect "the store publishes once, for the pods' user" koala doctor /store
expect "nodes are members" until_true 120 up 3
koala nodes

expect "no pod has a token of the Kubernetes API" k exec koala-control-0 -- /bin/sh -c '! test -e /var/run/secrets/kubernetes.io/serviceaccount/token'
expect "the root file system cannot be written" k exec koala-control-0 -- /bin/sh -c '! touch /koala/x 2>/dev/null'

if [ -z "$list" ]; then
  echo "smoke: all seen that needs no list; give a LIST to see a job through a kill, a drain and scaling"
  exit 0
fi
case $list in
  http*) source=$list ;;
  *)
    k cp "$list" "koala-control-0:/store/$set.txt"
    source=/store/$set.txt
    ;;
esac
expect "a job is taken" koala submit "$source" "$set" --batch-size 50
if [ "$(k get deployment koala-embed -o jsonpath='{.spec.replicas}')" = 0 ]; then
  expect "records wait, and the scaler starts an embedder" until_true 900 ready embed 1
fi
expect "a first record is written" until_true 1800 records_written

victim=$(k get pod -l app.kubernetes.io/component=fetch -o name | head -1)
expect "a fetch pod is killed" k delete "$victim" --grace-period=0 --force
victim=$(k get pod -l app.kubernetes.io/component=write -o name | head -1)
expect "a write pod leaves in its time" k delete "$victim" --timeout=90s
victim=$(k get pod -l app.kubernetes.io/component=control -o name | tail -1)
expect "a control pod leaves in its time, and comes back" k delete "$victim" --timeout=90s
expect "control nodes are ready again" k rollout status statefulset/koala-control --timeout=10m
expect "the job ends" until_true 3600 phase_is done
expect "the set is whole" koala verify "/store/$set"

if kubectl get scaledobject -n "$namespace" koala-embed >/dev/null 2>&1; then
  expect "no record waits, and the embedders go" until_true 1800 sh -c "[ \"\$(kubectl -n $namespace get deployment koala-embed -o jsonpath='{.spec.replicas}')\" = 0 ]"
fi
echo "smoke: all seen; the set is /store/$set"
