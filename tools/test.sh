#!/bin/sh
# What `make test` runs. The browser's tests come last and alone: two of them at once on two cores
# take longer than one after the other. Files start in the order of tests/conftest.py, not by how many
# tests they have: a file of few long tests, begun last, would run alone while the other core idles.
set -eu
bin=$1
"$bin/python" -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not browser and not matrix"
"$bin/python" -m pytest -n 0 -m browser -rs
