#!/bin/sh
# Asks a running service what its OpenAPI document allows and what it does not, and holds the answers
# against the document. First the address, a token for everything, the ids of a list and of a finished
# plan, and a folder for Python's packages; then what else schemathesis is to be told.
set -eu
at=$1 token=$2 folder=$5
export HJEMRUTE_LIST=$3 HJEMRUTE_PLAN=$4
shift 5
here=$(cd "$(dirname "$0")" && pwd)
if [ ! -x "$folder/bin/st" ]; then
    python3 -m venv "$folder"
    "$folder/bin/pip" --quiet install schemathesis==4.32.5
fi
cd "$folder"
exec bin/st --config-file "$here/schemathesis.toml" run "$at/openapi.json" \
    --checks all --continue-on-failure --no-color --header "Authorization: Bearer $token" "$@"
