#!/bin/sh
# Keeps a machine busy while the tests run: sh tests/busy.sh LOOPS SECONDS [COMMAND ...]
# With a command the loops end when it does; in any case after so many seconds. The exit code is the command's.
#
#     sh tests/busy.sh 8 3600 python3 run.py test
set -u
[ $# -ge 2 ] || { sed -n 2,5p "$0"; exit 2; }
loops=$1 seconds=$2
shift 2
pids=
while [ "$loops" -gt 0 ]; do
    # Each counts its own time, so that none outlives it whatever becomes of this script.
    sh -c 'end=$(($(date +%s) + $0)); n=0
           while :; do n=$((n + 1)); [ $((n % 20000)) -ne 0 ] || [ "$(date +%s)" -lt "$end" ] || exit 0; done' "$seconds" &
    pids="$pids $!"
    loops=$((loops - 1))
done
over() { for pid in $pids; do kill "$pid" 2>/dev/null; done; }
trap over EXIT
trap 'exit 130' INT TERM
if [ $# -gt 0 ]; then "$@"; else wait; fi
