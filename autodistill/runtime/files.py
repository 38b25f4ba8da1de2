"""Every file that this package writes: whole or not at all, in a draft beside its place.

A draft takes its place in one step when it is complete. A write that fails, is interrupted or is
ended at once leaves nothing behind, and whatever stood there before is untouched. What a killed
process leaves of a folder goes when the next one takes that place.
"""

import fcntl
import glob
import os
import re
import secrets
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from errno import EDQUOT, EFBIG, ENOSPC
from pathlib import Path
from typing import BinaryIO

FULL = {
    ENOSPC: "the disk is full",
    EDQUOT: "the disk quota is used up",
    EFBIG: "a file is larger than the system allows (ulimit -f, or the disk's format)",
}
"""Why nothing more can be written, by the number of the system's error."""
_FULL_TEXT = re.compile(r"\d+ requested and \d+ written|database or disk is full")
"""Words of numpy and SQLite, which pass no number on."""
_drafts: set[Path] = set()
"""Drafts of this process, for an end without clean-up."""


@contextmanager
def draft(place: Path) -> Iterator[Path]:
    """The path of a new file that takes its place when the block ends without an error.

    A file that is there lends its rights, a link stays one, and what is no regular file, such as
    /dev/stdout, is written directly.
    """
    target = Path(os.path.realpath(place))
    before = target.stat() if target.exists() else None
    if before is not None and not stat.S_ISREG(before.st_mode):
        yield target
        return
    path = beside(target)
    _drafts.add(path)
    try:
        yield path
        if before is not None:
            path.chmod(stat.S_IMODE(before.st_mode))
        if _drafts.isdisjoint(path.parents):  # else the whole folder is synced, or has checksums
            _sync(path)
        path.replace(target)
    finally:
        path.unlink(missing_ok=True)
        _drafts.discard(path)


@contextmanager
def opened(place: Path) -> Iterator[BinaryIO]:
    """A new file, open for bytes, that takes its place when the block ends without an error."""
    with draft(place) as path, path.open("wb") as file:
        yield file


def write_bytes(place: Path, data: bytes) -> None:
    """Write a file of bytes."""
    with opened(place) as file:
        file.write(data)


def write_text(place: Path, text: str) -> None:
    """Write a file of UTF-8 text; lines end as they do in `text`."""
    write_bytes(place, text.encode())


def copy(source: Path, place: Path) -> None:
    """Copy the content of a file."""
    with source.open("rb") as read, opened(place) as written:
        shutil.copyfileobj(read, written)


@contextmanager
def draft_folder(place: Path, *, private: bool = False) -> Iterator[Path]:
    """An empty folder that takes its place when the block ends without an error.

    A folder that is there is replaced. A private one, for the cache, can be read by its owner
    alone, whatever the umask says, and is not synced to the disk: checksums tell what became of it.
    """
    path, lock = beside(place.absolute()), None
    _drafts.add(path)
    try:
        path.mkdir()
        lock = _locked(path)
        if private:
            path.chmod(0o700)
        yield path
        if private:
            _close_to_others(path)
        else:
            for file in path.rglob("*"):
                _sync(file)
        put_in_place(path, place)
        _remove_dead(place.absolute())
    finally:
        shutil.rmtree(path, ignore_errors=True)
        _drafts.discard(path)
        if lock is not None:
            os.close(lock)


def put_in_place(folder: Path, place: Path) -> None:
    """Rename a finished folder to its place.

    What stood there is moved aside first, comes back when that fails, and goes at the very end.
    """
    if not os.path.lexists(place):
        folder.rename(place)
        return
    aside = beside(place.absolute())
    place.rename(aside)
    try:
        folder.rename(place)
    except BaseException:
        aside.rename(place)
        raise
    if aside.is_symlink():
        aside.unlink()
    shutil.rmtree(aside, ignore_errors=True)


def make_private_folders(place: Path) -> None:
    """Make a folder and those above it that are missing, each for its owner alone."""
    missing = [p for p in (place, *place.parents) if not p.exists()]
    for path in reversed(missing):
        with suppress(FileExistsError):  # another process was faster
            path.mkdir(0o700)
            path.chmod(0o700)
    place.mkdir(exist_ok=True)  # says what is wrong with a file that stands there


def beside(place: Path) -> Path:
    """A new name in the same folder, hidden from `ls`."""
    return place.with_name(f".{_stem(place)}-{secrets.token_hex(4)}")


def remove_drafts() -> None:
    """Remove what this process has begun to write; for an end without clean-up."""
    for path in tuple(_drafts):
        shutil.rmtree(path, ignore_errors=True)
        with suppress(OSError):
            path.unlink(missing_ok=True)


def leftovers(place: Path) -> Iterator[Path]:
    """Drafts for this place; each is dead where only one process at a time makes it."""
    yield from place.parent.glob(f".{glob.escape(_stem(place))}-{8 * '[0-9a-f]'}")


def why_full(error: BaseException) -> str:
    """Why nothing more can be written, in words, if that is behind this error; else nothing.

    Libraries in other languages say it in their own kinds of error.
    """
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OSError) and seen.errno in FULL:
            return FULL[seen.errno]
        for number, words in FULL.items():
            if os.strerror(number) in str(seen):
                return words
        if _FULL_TEXT.search(str(seen)):
            return FULL[ENOSPC]
        seen = seen.__cause__ or seen.__context__
    return ""


def _locked(folder: Path) -> int | None:
    """A descriptor that marks a folder as in use until it is closed, or this process ends.

    None where another process has one, or the file system knows no such locks.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _remove_dead(place: Path) -> None:
    """Remove drafts of folders for this place whose processes have ended."""
    for path in leftovers(place):
        with suppress(OSError):  # it is no folder, or went meanwhile
            if (lock := _locked(path)) is not None:
                shutil.rmtree(path, ignore_errors=True)
                os.close(lock)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _stem(place: Path) -> str:
    """The part of a place's name in its draft's: names have at most 255 bytes."""
    return place.name if len(os.fsencode(place.name)) <= 240 else place.name[:50]


def _close_to_others(folder: Path) -> None:
    chmod: Callable[[str, int], None] = os.chmod
    for above, _, names in os.walk(folder):
        chmod(above, 0o700)
        for name in names:
            chmod(os.path.join(above, name), 0o600)
