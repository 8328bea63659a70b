#!/usr/bin/env bash
# `make run`: the demonstration. Never a configured database: the demonstration writes into the one it gets.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

bash .ci/setup.sh run
bash .ci/build.sh dev
unset MONGODB_URI MONGODB_READONLY_URI
export CANJE_DEMO=1
exec "$TARGET/debug/canje" serve
