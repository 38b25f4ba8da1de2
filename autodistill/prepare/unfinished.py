"""The files of unfinished trainings, with the states that they go on from."""

import hashlib
import time
from functools import partial
from pathlib import Path

from autodistill.prepare.workspace import PreparedWorkspace
from autodistill.runtime.cache import refusals
from autodistill.runtime.packages import versions_here
from autodistill.runtime.worker_process import Run
from autodistill.training.trial import run_trial

MOST_BYTES = 5 * 10**9
"""The most that all files take together; each is about five times as large as its student."""
DEAD_SECONDS = 600.0
"""Age at which a file that is being written belongs to a process that was killed."""


def checkpoint_of(workspace: PreparedWorkspace, *training: object) -> Path:
    """The file of a study's training with these versions; `training` tells it from others.

    The oldest files are removed, so that all are not larger than MOST_BYTES.
    """
    device = workspace.data.device
    question = (
        *(workspace.study.to_dict(), device.kind, device.precision, *training),
        *sorted(versions_here().items()),
    )
    folder = workspace.home / "trainings"
    if folder.is_dir():
        with refusals(folder):
            remove_old(folder)
    return folder / hashlib.sha256(repr(question).encode()).hexdigest()[:16]


def run_of(workspace: PreparedWorkspace, threads: int) -> Run:
    """The run of one of a study's trials, which goes on where an interrupted one ended."""
    return partial(run_trial, threads=threads, unfinished=checkpoint_of(workspace))


def remove_old(folder: Path) -> None:
    """Keep the newest files, and none that a killed process was writing."""
    left = MOST_BYTES
    known = [(file, *_age_and_bytes(file)) for file in folder.iterdir()]
    for file, age, size in sorted(known, key=lambda each: each[1]):
        left -= size
        if left < 0 or (file.name.startswith(".") and age > DEAD_SECONDS):
            file.unlink(missing_ok=True)


def _age_and_bytes(file: Path) -> tuple[float, int]:
    try:
        found = file.stat()
    except FileNotFoundError:  # another process ended its training
        return 0.0, 0
    return time.time() - found.st_mtime, found.st_size
