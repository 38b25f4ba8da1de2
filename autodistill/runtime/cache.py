"""Content-addressed folders, built once and shared by all studies and processes."""

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock
from platformdirs import user_cache_dir

from autodistill.errors import StorageError
from autodistill.runtime.checksums import FILE, damage, seal
from autodistill.runtime.progress import screen_here
from autodistill.runtime.settings import home_folder


def home() -> Path:
    """The cache folder for teachers, signals and token tables.

    AUTODISTILL_HOME, or the user's cache folder.
    """
    return Path(home_folder() or user_cache_dir("autodistill"))


def once(folder: Path, make: Callable[[Path], None]) -> bool:
    """Have `make(empty folder)` fill a missing folder; True if it was built now.

    One process at a time; the others wait. The folder appears whole or not at all, and one that is
    no longer as it was written is made again.
    """
    if holds(folder):
        return False
    with refusals(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{folder}.lock"):
            if _is_whole(folder):
                return False
            for dead in folder.parent.glob(
                f".{folder.name}-????????"
            ):  # the process that built it was killed: we hold the lock
                shutil.rmtree(dead, ignore_errors=True)
            draft = _draft(folder)
            try:
                make(draft)
                seal(draft)
                draft.rename(folder)
            finally:
                shutil.rmtree(draft, ignore_errors=True)
    return True


def holds(folder: Path) -> bool:
    """Whether a folder is there and whole; a damaged one is removed, with one line."""
    if not os.path.lexists(folder):
        return False
    if not damage(folder):
        return True
    with refusals(folder), FileLock(f"{folder}.lock"):
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
    with refusals(folder), FileLock(f"{folder}.lock"):
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
        away = _draft(folder)
        folder.rename(away)  # at once: half a folder would lack its checksums, and be believed
        shutil.rmtree(away, ignore_errors=True)
    else:
        folder.unlink(missing_ok=True)
    name = "/".join(folder.parts[-2:])
    screen_here().line(f"cache     {name} is damaged ({why}): it is made again")


def _draft(folder: Path) -> Path:
    """An empty folder beside one, for its owner alone."""
    return Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))


@contextmanager
def refusals(place: Path) -> Iterator[None]:
    """A context that turns a full disk or a folder without access into one message."""
    try:
        yield
    except OSError as error:
        match error.errno:
            case errno.ENOSPC | errno.EDQUOT:
                free = shutil.disk_usage(_existing(place)).free // 2**20
                raise StorageError(
                    f"the disk is full: {free} MB free at {place}. Free some space, "
                    "or give another place."
                ) from None
            case errno.EACCES | errno.EPERM | errno.EROFS | errno.ENOTDIR | errno.EEXIST:
                raise StorageError(
                    f"cannot write to {place}: {(error.strerror or 'refused').lower()}. "
                    "Set AUTODISTILL_HOME, --storage or --out to a folder that you own."
                ) from None
        raise


def _existing(path: Path) -> Path:
    return next(p for p in (path, *path.absolute().parents) if p.exists())
