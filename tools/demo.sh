#!/bin/sh
# What `make demo` does once everything is installed: migrate, load invented data once, serve.
# The sign-ins are printed each time: they are kept, readable by you only, beside the database.
set -eu
bin=$1
port=$2
umask 077
export OUTCOMES_ENV=demo PORT="$port"
mkdir -p instance
"$bin/outcomes" db upgrade >/dev/null
if [ ! -s instance/demo-sign-ins.txt ]; then
    "$bin/outcomes" demo load >instance/demo-sign-ins.part
    mv instance/demo-sign-ins.part instance/demo-sign-ins.txt
fi
cat instance/demo-sign-ins.txt
exec "$bin/outcomes" serve --port "$port"
