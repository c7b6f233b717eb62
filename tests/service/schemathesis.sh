#!/bin/sh
# Asks a running service what its OpenAPI document allows and what it does not, and holds the answers
# against the document. `bring` fetches schemathesis from PyPI into a folder of the build, once. Otherwise:
# the service's address, a token for everything, the ids of a list and of a finished plan, then `run` or
# `fuzz` and what else schemathesis is to be told. All checks are made that the settings do not take out.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tools=${CARGO_TARGET_DIR:-$here/../../target}/schemathesis
if [ "$1" = bring ]; then
    [ -x "$tools/bin/st" ] && exit 0
    python3 -m venv "$tools"
    exec "$tools/bin/pip" --quiet --disable-pip-version-check install schemathesis==4.32.5
fi
at=$1 token=$2 how=$5
export HJEMRUTE_LIST=$3 HJEMRUTE_PLAN=$4
shift 5
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"$tools/bin/st" --config-file "$here/schemathesis.toml" --no-color "$how" "$at/openapi.json" \
    --continue-on-failure --header "Authorization: Bearer $token" "$@"
