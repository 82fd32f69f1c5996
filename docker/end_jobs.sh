#!/bin/sh
# Runs Scrapyd, which does not pass SIGTERM on to its jobs: they would be killed with the container.
# At SIGTERM, this script signals Scrapyd and its jobs, and ends after the last job has ended.
# Usage: end_jobs.sh PROGRAM
set -eu
"$@" &
scrapyd=$!

children() {
    awk -v parent="$1" '$4 == parent { print $1 }' /proc/[0-9]*/stat 2> /dev/null || true
}

runs() { # a process that has ended may stay as a zombie
    awk '$3 != "Z" { runs = 1 } END { exit !runs }' "/proc/$1/stat" 2> /dev/null
}

stop() {
    jobs=$(children "$scrapyd")
    # shellcheck disable=SC2086  # one argument for each job
    kill -TERM "$scrapyd" $jobs 2> /dev/null || true
    for job in $jobs; do
        while runs "$job"; do sleep 0.2; done
    done
}

trap stop TERM INT
code=0
wait "$scrapyd" || code=$?
exit "$code"
