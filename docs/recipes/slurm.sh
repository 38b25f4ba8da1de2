#!/bin/sh
# Workers of one search as a SLURM job array: sbatch slurm.sh
# The search itself is an ordinary job, or runs on a login node:
#   autodistill search --dataset reviews.csv --study reviews --budget 8h
#SBATCH --job-name=autodistill-worker
#SBATCH --array=0-15
#SBATCH --cpus-per-task=8
#SBATCH --time=08:00:00
#SBATCH --signal=B:TERM@60
#SBATCH --requeue

# Where all machines reach it; a file that only you may read is better than a line here.
. "$HOME/.autodistill-storage"    # export AUTODISTILL_STORAGE=postgresql://user:password@host/name
export AUTODISTILL_HOME="$HOME/autodistill-home"    # shared: the teacher is tuned and asked once

# exec: the signal that SLURM sends a minute before the limit reaches the worker itself
exec autodistill worker --study reviews --workers "$SLURM_CPUS_PER_TASK"
