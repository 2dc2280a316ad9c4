#!/bin/sh
# One run of powlab in parts with GNU parallel, and then what one machine would have printed:
#
#   sh parallel.sh 16 experiment double-spend --runs 14400
#   HOSTS=one,two sh parallel.sh 16 simulate chaos seeds 1..1000 --protocol raft
#
# HOSTS   machines to reach by ssh, each with powlab; this one if left out
# JOBS    parts at a time on each machine; 1 if left out, because each part uses all processors
# POWLAB  how powlab is started; "powlab" if left out
# FOLDER  where the shards are written; a new one if left out
set -eu
parts=$1
shift
case "$1" in
  experiment) merge="experiment merge" ;;
  simulate) merge="simulate chaos merge" ;;
  *) echo "Only experiment and simulate chaos seeds have shards." >&2; exit 2 ;;
esac
powlab=${POWLAB:-powlab}
folder=${FOLDER:-$(mktemp -d)}
mkdir -p "$folder"
set -- $powlab "$@" --quiet --shard "{}/$parts" --out "$folder/shard-{}.json"
if [ -n "${HOSTS:-}" ]; then
  seq 1 "$parts" | parallel --will-cite --jobs "${JOBS:-1}" --halt soon,fail=1 \
    --sshlogin "$HOSTS" --return "$folder/shard-{}.json" --cleanup \
    mkdir -p "$folder" '&&' "$@"
else
  seq 1 "$parts" | parallel --will-cite --jobs "${JOBS:-1}" --halt soon,fail=1 "$@"
fi
exec $powlab $merge "$folder"/shard-*.json
