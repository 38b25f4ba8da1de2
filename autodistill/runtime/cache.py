"""Content-addressed folders, built once and shared by all studies and processes."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from errno import EACCES, EEXIST, ENAMETOOLONG, ENOTDIR, EPERM, EROFS
from pathlib import Path

from filelock import FileLock
from platformdirs import user_cache_dir

from autodistill.errors import AutodistillError, StorageError
from autodistill.runtime.files import draft_folder, leftovers, make_private_folders, why_full
from autodistill.runtime.settings import home_folder

REFUSED = {EACCES, EPERM, EROFS, ENOTDIR, EEXIST, ENAMETOOLONG}
"""Errors of a place in which nothing can be written."""


def home() -> Path:
    """The cache folder for teachers, signals and token tables.

    AUTODISTILL_HOME, or the user's cache folder. Raises StorageError where nobody has one.
    """
    if named := home_folder():
        return Path(named)
    place = Path(user_cache_dir("autodistill"))
    if str(place).startswith("~"):
        raise StorageError(
            f"no cache folder is known: this user has no home folder ({place}). "
            "Set AUTODISTILL_HOME to a folder that you own."
        )
    return place


def once(folder: Path, make: Callable[[Path], None]) -> bool:
    """Have `make(empty folder)` fill a missing folder; True if it was built now.

    One process at a time; the others wait. The folder appears whole or not at all, and only its
    owner can read it.
    """
    if folder.exists():
        return False
    with refusals(folder):
        make_private_folders(folder.parent)
        with FileLock(f"{folder}.lock", mode=0o600):
            if folder.exists():
                return False
            for dead in leftovers(folder):  # the process that built it was killed: we hold the lock
                shutil.rmtree(dead, ignore_errors=True)
            with draft_folder(folder, private=True) as draft:
                make(draft)
    return True


@contextmanager
def refusals(place: Path) -> Iterator[None]:
    """A context that turns a full disk or a folder without access into one message."""
    try:
        yield
    except AutodistillError:
        raise
    except Exception as error:
        if why := why_full(error):
            free = shutil.disk_usage(_existing(place)).free // 2**20
            raise StorageError(
                f"{why}: {free} MB free at {place}. Free some space, or give another place; then "
                "run the same command again."
            ) from None
        if isinstance(error, OSError) and error.errno in REFUSED:
            raise StorageError(
                f"cannot write to {place}: {(error.strerror or 'refused').lower()}. "
                "Set AUTODISTILL_HOME, --storage or --out to a folder that you own."
            ) from None
        raise


def _existing(path: Path) -> Path:
    return next(p for p in (path, *path.absolute().parents) if p.exists())
