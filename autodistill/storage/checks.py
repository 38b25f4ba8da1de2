"""Places that could not be written after hours of work, refused before it."""

import os
from pathlib import Path

from autodistill.errors import SpecError, StorageError
from autodistill.runtime.cache import refusals
from autodistill.storage.store import Store
from autodistill.study.places import hidden

STUDENT_FILES = ("config.json", "recipe.toml")
"""What every folder of a student holds."""


def check_place(out: Path, what: str = "the recipe") -> None:
    """Refuse now what could not be written after hours of work."""
    with refusals(out):
        folder = out.absolute().parent
        fits = folder.is_dir() and os.access(folder, os.W_OK) and not out.is_dir()
    if not fits:
        raise SpecError(
            f"--out {out}: {what} cannot be written there; give a file in a folder that exists and "
            "that you own."
        )


def check_folder(out: Path, *, force: bool) -> None:
    """The same for a student's folder, which replaces nothing but a student's folder."""
    with refusals(out):
        if not out.exists():
            return
        is_student = out.is_dir() and all((out / name).is_file() for name in STUDENT_FILES)
        is_empty = out.is_dir() and not any(out.iterdir())
        is_around = out.resolve() in (Path.cwd(), *Path.cwd().parents)
    if not force:
        raise SpecError(
            f"{out} exists already. Give another folder with --out, or --force to replace it."
        )
    if is_around or not (is_student or is_empty):
        raise SpecError(
            f"--out {out} --force: only a student's folder is replaced (it holds "
            f"{' and '.join(STUDENT_FILES)}), and not one that you are in; give another one."
        )


def check_storage(storage: str) -> None:
    """The same for the database; one that is not there yet is not created."""
    name = storage.removeprefix("sqlite:///")
    path = Path(name).expanduser()
    if "://" in name or path.exists():
        Store(storage).close()
        return
    folder = next(p for p in path.absolute().parents if p.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise StorageError(
            f"--storage {hidden(storage)}: {folder} is not a folder that you may write. Name a "
            "file in one that is."
        )
