#!/bin/sh
# What `make test` runs. The browser's tests run beside the others: they wait for pages more than they
# work, and two browsers at once on two cores take longer than one after the other. Files start in the
# order of tests/conftest.py, not by how many tests they have: a file of few long tests, begun last,
# would run alone while the other core idles.
set -eu
bin=$1
told=$(mktemp)
"$bin/python" -m pytest -n 0 -m browser -rs >"$told" 2>&1 &
browser=$!
trap 'kill "$browser" 2>/dev/null || true; rm -f "$told"' EXIT
failed=0
"$bin/python" -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not browser and not matrix" || failed=$?
wait "$browser" || failed=$?
echo "In the browser:"
cat "$told"
exit "$failed"
