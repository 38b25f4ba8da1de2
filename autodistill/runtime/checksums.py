"""Checksums of a folder's files, kept inside it: what was written is what is read."""

import json
from collections.abc import Mapping
from pathlib import Path

import xxhash

from autodistill.runtime import files

FILE = ".checksums"
"""Beside the files: their sizes, and a hash of everything in each of them."""
FORMAT = 1
_BYTES_AT_ONCE = 1 << 22
_SEEN: dict[Path, tuple[tuple[str, int, int, int], ...]] = {}
"""Folders found whole by this process, with what the system said of their files then."""


def seal(folder: Path) -> None:
    """Write the checksums of all files of a folder into it."""
    found = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != FILE)
    sums = {p.relative_to(folder).as_posix(): [p.stat().st_size, file_hash(p)] for p in found}
    text = json.dumps({"format": FORMAT, "files": sums}, indent=1)
    files.write_text(folder / FILE, text)


def damage(folder: Path) -> str:
    """The damage to a folder's files; empty for none, or where nothing was sealed.

    Each file is read to its end, once in a process: the folders that an older version wrote have no
    checksums, and are taken as they are.
    """
    if folder.is_dir() and not (folder / FILE).exists():
        return ""
    try:
        sums = _read(folder)
        if not sums:
            return f"its list of checksums, {FILE}, cannot be read"
        marks = _marks(folder, sums)
        if _SEEN.get(folder) == marks:
            return ""
        for name, (size, _) in sums.items():
            if (found := (folder / name).stat().st_size) != size:
                return f"{name} has {found:,} bytes instead of {size:,}"
        for name, (_, digest) in sums.items():
            if file_hash(folder / name) != digest:
                return f"{name} does not hold what was written"
    except OSError as error:
        name = Path(error.filename).name if error.filename else FILE
        return f"{name}: {(error.strerror or 'cannot be read').lower()}"
    _SEEN[folder] = marks
    return ""


def file_hash(path: Path) -> str:
    """The hash of a whole file."""
    digest = xxhash.xxh3_128()
    with path.open("rb", buffering=0) as file:
        while block := file.read(_BYTES_AT_ONCE):
            digest.update(block)
    return digest.hexdigest()


def _read(folder: Path) -> Mapping[str, tuple[int, str]]:
    """The size and hash of each file; empty for a list that is damaged itself."""
    try:
        content = json.loads((folder / FILE).read_bytes())
        if content["format"] != FORMAT or set(content) != {"format", "files"}:
            return {}
        return {
            str(name): (int(size), str(hash_)) for name, (size, hash_) in content["files"].items()
        }
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}


def _marks(folder: Path, names: Mapping[str, object]) -> tuple[tuple[str, int, int, int], ...]:
    """Name, size, inode and time of change of the listed files and of the list."""
    known = [(name, (folder / name).stat()) for name in (FILE, *names)]
    return tuple((name, s.st_size, s.st_ino, s.st_mtime_ns) for name, s in known)
