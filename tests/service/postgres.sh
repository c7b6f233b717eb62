#!/bin/sh
# Runs a command beside a throw-away PostgreSQL server, whose address is in HJEMRUTE_POSTGRES, and with TLS in
# HJEMRUTE_POSTGRES_TLS; without one where none is installed. The server is for tests alone: it trusts everybody on this
# machine, and keeps nothing.
set -eu
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb || echo /none)")
if [ -n "${HJEMRUTE_POSTGRES:-}" ] || [ ! -x "$bin/initdb" ]; then
    [ -n "${HJEMRUTE_POSTGRES:-}" ] || echo "PostgreSQL is not installed: what it keeps is not tried."
    exec "$@"
fi

# It does not run as root.
as() { if [ "$(id -u)" = 0 ]; then (cd / && setpriv --reuid=postgres --regid=postgres --clear-groups "$@"); else "$@"; fi; }
folder=$(as mktemp -d)
chmod 755 "$folder"
stop() { as "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$folder"; }
trap stop EXIT
trap 'exit 130' INT TERM
as "$bin/initdb" -D "$folder/data" -A trust -U hjemrute --no-sync >/dev/null
# On a socket in its own folder it is asked as it is; over a free port it takes nobody without TLS, and says who it is by
# the certificate of an authority that is made here.
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
as tee "$folder/data/pg_hba.conf" >/dev/null <<end
local all all trust
hostssl all all 127.0.0.1/32 trust
end
as sh -eu -c '
    cd "$1"
    new="openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -batch"
    $new -x509 -days 2 -subj /CN=authority -keyout authority.key -out authority.pem
    $new -subj /CN=localhost -keyout server.key -out server.csr
    echo subjectAltName=DNS:localhost >names
    openssl x509 -req -days 2 -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial -extfile names -out server.pem
' sh "$folder" 2>/dev/null
as "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" start -o "-c fsync=off -c max_connections=300 -p $port \
    -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder \
    -c ssl=on -c ssl_cert_file=$folder/server.pem -c ssl_key_file=$folder/server.key" >/dev/null
here="postgres://hjemrute@$(echo "$folder" | sed 's|/|%2F|g'):$port/postgres"
there="postgres://hjemrute@localhost:$port/postgres?sslmode=verify-full&sslrootcert=$folder/authority.pem"
HJEMRUTE_POSTGRES=$here HJEMRUTE_POSTGRES_TLS=$there "$@"
