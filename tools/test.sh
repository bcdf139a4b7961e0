#!/bin/sh
# What `make test` runs. The browser's tests come last and alone: two of them at once on two cores
# take longer than one after the other.
set -eu
bin=$1
"$bin/python" -m pytest -n 2 --dist loadfile -m "not browser and not matrix"
"$bin/python" -m pytest -n 0 -m browser -rs
