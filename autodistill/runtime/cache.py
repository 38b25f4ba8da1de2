"""Content-addressed folders, built once and shared by all studies and processes."""

import errno
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock
from platformdirs import user_cache_dir

from autodistill.errors import StorageError
from autodistill.runtime.settings import home_folder


def home() -> Path:
    """The cache folder for teachers, signals and token tables.

    AUTODISTILL_HOME, or the user's cache folder.
    """
    return Path(home_folder() or user_cache_dir("autodistill"))


def once(folder: Path, make: Callable[[Path], None]) -> bool:
    """Have `make(empty folder)` fill a missing folder; True if it was built now.

    One process at a time; the others wait. The folder appears whole or not at all.
    """
    if folder.exists():
        return False
    with refusals(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{folder}.lock"):
            if folder.exists():
                return False
            for dead in folder.parent.glob(
                f".{folder.name}-????????"
            ):  # the process that built it was killed: we hold the lock
                shutil.rmtree(dead, ignore_errors=True)
            draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
            try:
                make(draft)
                draft.chmod(0o755)
                draft.rename(folder)
            finally:
                shutil.rmtree(draft, ignore_errors=True)
    return True


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
