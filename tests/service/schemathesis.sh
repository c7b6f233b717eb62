#!/bin/sh
# Asks a running service what its OpenAPI document allows and what it does not, and holds the answers
# against the document. First the address, then a token for everything, a folder for Python's packages,
# and more for schemathesis itself.
set -eu
at=$1 token=$2 folder=$3
shift 3
if [ ! -x "$folder/bin/st" ]; then
    python3 -m venv "$folder"
    "$folder/bin/pip" --quiet install schemathesis==4.32.5
fi
cd "$(dirname "$0")"
exec "$folder/bin/st" --config-file schemathesis.toml run "$at/openapi.json" \
    --checks all --header "Authorization: Bearer $token" "$@"
