"""Files of this machine for trials on others: listed here, copied once to a node that lacks them.

Nothing is copied where the same files are found under the same path: on this machine, and on nodes
that share its folders.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import xxhash

from autodistill.runtime import files
from autodistill.runtime.cache import home, once

FOLDER = "from-cluster"
"""The folder of a node's copies, in its AUTODISTILL_HOME."""
PIECE_BYTES = 1 << 26
UNUSED_SECONDS = 7 * 86400.0
"""Copies that no trial used for so long are removed."""
Beside = Callable[[Path], Iterable[Path]]
"""beside(path) -> other files and folders that are found from this path by name."""


@dataclass(frozen=True)
class Listing:
    """A file or folder, with what is found from it by name: sizes and times of all its files."""

    source: Path
    marks: tuple[tuple[str, int, int], ...]
    """(path from the parent folder, bytes, time of change in ns); empty where nothing is there."""

    @classmethod
    def of(cls, source: Path, beside: Iterable[Path] = ()) -> "Listing":
        """The listing of all files that are there now."""
        found = sorted(file for place in (source, *beside) for file in _files(place))
        stats = [(file.relative_to(source.parent).as_posix(), file.stat()) for file in found]
        return cls(source, tuple((name, s.st_size, s.st_mtime_ns) for name, s in stats))

    def is_here(self) -> bool:
        """Whether this machine has the same files under the same path."""
        try:
            for name, size, changed in self.marks:
                found = (self.source.parent / name).stat()
                if (found.st_size, found.st_mtime_ns) != (size, changed):
                    return False
        except OSError:
            return False
        return True


@dataclass(frozen=True)
class Parcel:
    """The content of a listing's files, in pieces that a node fetches one by one."""

    name: str
    """Hash of names and contents."""
    source: Path
    files: tuple[tuple[str, tuple[Any, ...]], ...]
    """(path from the parent folder, references to its pieces)."""


def packed(listing: Listing, put: Callable[[bytes], Any]) -> Parcel:
    """The files as pieces; `put(piece)` keeps one and returns a reference to it."""
    digest, found = xxhash.xxh3_128(), list[tuple[str, tuple[Any, ...]]]()
    for name, *_ in listing.marks:
        digest.update(f"{name}\0".encode())
        pieces = []
        with (listing.source.parent / name).open("rb", buffering=0) as file:
            while piece := file.read(PIECE_BYTES):
                digest.update(piece)
                pieces.append(put(piece))
        found.append((name, tuple(pieces)))
    return Parcel(digest.hexdigest(), listing.source, tuple(found))


def unpacked(parcel: Parcel, get: Callable[[Any], bytes]) -> Path:
    """The copy on this machine, made where there is none yet: one process at a time."""

    def make(draft: Path) -> None:
        for name, pieces in parcel.files:
            file = draft / name
            file.parent.mkdir(parents=True, exist_ok=True)
            with files.opened(file) as written:
                for piece in pieces:
                    written.write(get(piece))

    folder = home() / FOLDER / parcel.name
    if once(folder, make):
        _remove_unused(folder.parent)
    os.utime(folder)
    return folder / parcel.source.name


def paths_in(value: Any) -> Iterator[Path]:
    """All paths in dataclasses, containers and partial calls."""
    if isinstance(value, Path):
        yield value
    for part in _parts(value):
        yield from paths_in(part)


def moved(value: Any, places: Mapping[Path, Path]) -> Any:
    """The same value with these paths in place of those; what holds none of them is not copied."""
    if isinstance(value, Path):
        return places.get(value, value)
    parts = list(_parts(value))
    now = [moved(part, places) for part in parts]
    if all(a is b for a, b in zip(parts, now)):
        return value
    if isinstance(value, partial):
        count = len(value.args)
        return partial(value.func, *now[:count], **dict(zip(value.keywords, now[count:])))
    if isinstance(value, dict):
        return dict(zip(value, now))
    if isinstance(value, tuple | list):
        return type(value)(now)
    return replace(value, **dict(zip(_names(value), now)))


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, partial):
        return (*value.args, *value.keywords.values())
    if isinstance(value, dict):
        return value.values()
    if isinstance(value, tuple | list):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return [getattr(value, name) for name in _names(value)]
    return ()


def _names(value: Any) -> list[str]:
    return [each.name for each in fields(value) if each.init]


def _files(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
    elif place.is_dir():
        yield from (file for file in place.rglob("*") if file.is_file())


def _remove_unused(folder: Path) -> None:
    for copy in folder.iterdir():
        with suppress(OSError):
            if copy.is_dir() and time.time() - copy.stat().st_mtime > UNUSED_SECONDS:
                shutil.rmtree(copy, ignore_errors=True)
