#!/bin/sh
# Makes, in the current folder, an authority (ca.pem, ca.key) unless it is there, and for each NODE a certificate and key
# (NODE.pem, NODE.key). Keep ca.key off the nodes: whoever has it can make nodes.
# usage: node-certificates.sh NODE ...
set -eu
umask 077

new_key='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'

# shellcheck disable=SC2086
[ -f ca.key ] || openssl req -x509 $new_key -keyout ca.key -out ca.pem -days 3650 -subj "/CN=bunctl nodes" \
    -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign"

for node; do
    # shellcheck disable=SC2086
    openssl req $new_key -keyout "$node.key" -out "$node.csr" -subj "/CN=$node"
    printf 'basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=serverAuth,clientAuth\n' >"$node.ext"
    openssl x509 -req -in "$node.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 825 -extfile "$node.ext" -out "$node.pem"
    rm "$node.csr" "$node.ext"
done
