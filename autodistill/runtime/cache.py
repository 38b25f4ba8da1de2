"""Content-addressed folders, built once and shared by all studies and processes."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from errno import EACCES, EEXIST, ENAMETOOLONG, ENOTDIR, EPERM, EROFS
from pathlib import Path

from filelock import FileLock
from platformdirs import user_cache_dir

from autodistill.errors import AutodistillError, StorageError
from autodistill.runtime.checksums import FILE, damage, seal
from autodistill.runtime.files import (
    beside,
    draft_folder,
    leftovers,
    make_private_folders,
    why_full,
)
from autodistill.runtime.notebook import screen_here
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

    One process at a time; the others wait. The folder appears whole or not at all, only its owner
    can read it, and one that is no longer as it was written is made again.
    """
    if holds(folder):
        return False
    with refusals(folder):
        make_private_folders(folder.parent)
        with _lock(folder):
            if _is_whole(folder):
                return False
            for dead in leftovers(folder):  # the process that built it was killed: we hold the lock
                shutil.rmtree(dead, ignore_errors=True)
            with draft_folder(folder, private=True) as draft:
                make(draft)
                seal(draft)
    return True


def holds(folder: Path) -> bool:
    """Whether a folder is there and whole; a damaged one is removed, with one line."""
    if not os.path.lexists(folder):
        return False
    if not damage(folder):
        return True
    with refusals(folder), _lock(folder):
        return _is_whole(folder)


def check_kept(place: Path) -> None:
    """Refuse what is damaged and cannot be made again from here; raises StorageError.

    That is a dataset, a space or soft labels which a program gave, and this cache keeps.
    """
    folder = place if place.is_dir() else place.parent
    if (folder / FILE).exists() and (why := damage(folder)):
        raise StorageError(
            f"{place} is damaged: {why}. It was kept for a program that had it in memory; remove "
            f"the folder {folder}, and run that program again."
        )


def discard(folder: Path, why: str) -> None:
    """Remove a damaged folder, with one line; it is made again when it is needed."""
    with refusals(folder), _lock(folder):
        _remove(folder, why)


def _is_whole(folder: Path) -> bool:
    """As `holds`, for who has the lock."""
    if not os.path.lexists(folder):
        return False
    if why := damage(folder):
        _remove(folder, why)
    return not why


def _remove(folder: Path, why: str) -> None:
    if folder.is_dir() and not folder.is_symlink():
        away = beside(folder)
        folder.rename(away)  # at once: half a folder would lack its checksums, and be believed
        shutil.rmtree(away, ignore_errors=True)
    else:
        folder.unlink(missing_ok=True)
    name = "/".join(folder.parts[-2:])
    screen_here().line(f"cache     {name} is damaged ({why}): it is made again")


def _lock(folder: Path) -> FileLock:
    return FileLock(f"{folder}.lock", mode=0o600)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder that is removed at the end, where the system has such; raises StorageError."""
    try:
        made = tempfile.TemporaryDirectory(prefix="autodistill-")
    except OSError as error:
        raise StorageError(
            f"no temporary folder can be made: {(error.strerror or 'refused').lower()}. "
            "Set TMPDIR to a folder that you own."
        ) from None
    with made as name, refusals(Path(name)):
        yield Path(name)


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
