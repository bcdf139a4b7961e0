#!/bin/sh
# Re-makes the locks: exact pins with hashes, and no addresses of any registry in them.
set -eu
cd "$(dirname "$0")/.."
lock() {
    .venv/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
        --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header --no-annotate \
        --extra "$2" --output-file "requirements/$1.txt" pyproject.toml
}
.venv/bin/pip install --quiet pip-tools
lock run build,postgres
lock test build,postgres,test,dev
lock bench build,postgres,bench
