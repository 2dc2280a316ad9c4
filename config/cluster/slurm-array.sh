#!/bin/sh
#SBATCH --job-name=powlab
#SBATCH --array=1-16
#SBATCH --cpus-per-task=4
#SBATCH --output=powlab-%a.log
#
# One part of a run for each task of the array; FOLDER must be on a disk that all nodes share:
#
#   sbatch slurm-array.sh FOLDER experiment double-spend --runs 14400
#
# On nodes with fewer processors than 4 it would wait for ever: sbatch --cpus-per-task=2 …
set -eu
folder=$1
shift
mkdir -p "$folder"
exec ${POWLAB:-powlab} "$@" --quiet \
  --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" \
  --out "$folder/shard-$SLURM_ARRAY_TASK_ID.json"
