"""Places that could not be written after hours of work, refused before it."""

import os
from pathlib import Path

from autodistill.errors import SpecError, StorageError
from autodistill.storage.store import Store


def check_place(out: Path, what: str = "the recipe") -> None:
    """Refuse now what could not be written after hours of work."""
    if (
        out.is_dir()
        or not out.absolute().parent.is_dir()
        or not os.access(out.absolute().parent, os.W_OK)
    ):
        raise SpecError(
            f"--out {out}: {what} cannot be written there; give a file in a folder that exists and "
            "that you own."
        )


def check_storage(storage: str) -> None:
    """The same for the database; one that is not there yet is not created."""
    path = Path(storage.removeprefix("sqlite:///")).expanduser()
    if "://" in str(path) or path.exists():
        Store(storage).close()
        return
    folder = next(p for p in path.absolute().parents if p.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise StorageError(
            f"--storage {storage}: {folder} is not a folder that you may write. Name a file in one "
            "that is."
        )
