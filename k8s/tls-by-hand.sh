#!/usr/bin/env bash
# Makes an authority and a certificate for all nodes with openssl, and prints the secret koala-tls:
#   k8s/tls-by-hand.sh FOLDER | kubectl apply -f -
# Keep FOLDER/ca.key off the cluster. Run again with the same FOLDER, it makes a new certificate of the same authority.
set -euo pipefail
umask 077
folder=${1:?usage: k8s/tls-by-hand.sh FOLDER}
mkdir -p "$folder"
cd "$folder"

if [ ! -f ca.key ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 3650 -subj "/CN=koala authority" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign -keyout ca.key -out ca.crt 2>/dev/null
fi

openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -subj "/CN=koala node" -keyout tls.key -out tls.csr 2>/dev/null
openssl x509 -req -in tls.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 365 -out tls.crt 2>/dev/null -extfile <(printf '%s\n' \
  'basicConstraints=critical,CA:FALSE' 'keyUsage=critical,digitalSignature' 'extendedKeyUsage=serverAuth,clientAuth' \
  'subjectAltName=DNS:*.koala-control.koala.svc,DNS:*.koala.pod,DNS:koala.koala.svc,DNS:localhost')

cat <<SECRET
apiVersion: v1
kind: Secret
metadata:
  name: koala-tls
  namespace: koala
type: kubernetes.io/tls
data:
  tls.crt: $(base64 -w0 tls.crt)
  tls.key: $(base64 -w0 tls.key)
  ca.crt: $(base64 -w0 ca.crt)
SECRET
