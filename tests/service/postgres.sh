#!/bin/sh
# Runs a command beside a throw-away PostgreSQL server, whose address is in HJEMRUTE_POSTGRES; without one
# where none is installed. The server is for tests alone: it trusts everybody on this machine, and keeps nothing.
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
# On a socket in its own folder alone: nobody else's port is taken.
as "$bin/initdb" -D "$folder/data" -A trust -U hjemrute --no-sync >/dev/null
as "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" start \
    -o "-c fsync=off -c listen_addresses='' -c max_connections=300 -c unix_socket_directories=$folder" >/dev/null
HJEMRUTE_POSTGRES="postgres://hjemrute@$(echo "$folder" | sed 's|/|%2F|g')/postgres" "$@"
