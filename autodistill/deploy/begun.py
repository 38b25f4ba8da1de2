"""The place of the state that an interrupted full training goes on from."""

import hashlib
from pathlib import Path

from autodistill.prepare.workspace import PreparedWorkspace
from autodistill.runtime.cache import refusals
from autodistill.runtime.files import make_private_folders
from autodistill.runtime.packages import versions_here
from autodistill.study.recipe import Recipe

KEPT = 3
"""Interrupted trainings whose files stay; each is about five times as large as its student."""


def checkpoint_of(workspace: PreparedWorkspace, recipe: Recipe, rows: int) -> Path:
    """The file of a recipe's training on so many rows of this data, with these versions.

    Files of others than the newest trainings are removed.
    """
    device = workspace.data.device
    question = (
        *(recipe.key, recipe.pipeline.key, recipe.seed, recipe.epochs, rows),
        *(workspace.study.fingerprint, device.kind, device.precision),
        *sorted(versions_here().items()),
    )
    folder = workspace.home / "trainings"
    with refusals(folder):
        make_private_folders(folder)
        for old in sorted(folder.glob("*.ckpt"), key=_age)[KEPT:]:
            old.unlink(missing_ok=True)
    return folder / hashlib.sha256(repr(question).encode()).hexdigest()[:16]


def _age(file: Path) -> float:
    """The less, the newer."""
    try:
        return -file.stat().st_mtime
    except FileNotFoundError:  # another process ended its training
        return 0.0
