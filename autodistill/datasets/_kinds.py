"""Kinds of files told by their content, whatever their names end in."""

import bz2
import gzip
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from autodistill.errors import DataError

PACKED: dict[str, tuple[bytes, Callable[[bytes], bytes]]] = {
    ".gz": (b"\x1f\x8b", gzip.decompress),
    ".bz2": (b"BZh", bz2.decompress),
    ".xz": (b"\xfd7zXZ\0", lzma.decompress),
}
"""Compressed files of one member: how they begin, and how they are read."""
SHOWN_BY = (
    (b"PAR1", "a parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"\xff\xff\xff\xff", "an Arrow file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Word file"),
    (b"\x28\xb5\x2f\xfd", "a zstandard archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"%PDF", "a PDF file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"Obj\x01", "an Avro file"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"{\\rtf", "a rich text file"),
)
INSIDE_ZIP = (
    ("xl/", "an Excel workbook"),
    ("word/", "a Word document"),
    ("content.xml", "an OpenDocument spreadsheet"),
    ("data.pkl", "a PyTorch file"),
    (".npy", "a NumPy archive"),
)
POINTER = re.compile(rb"version https://git-lfs|(/|\.git/)annex/objects/|\.\./.*annex/objects/")
PICKLE = re.compile(rb"\x80[\x02-\x05]")
HTML = re.compile(rb"\s*<(!doctype html|html|head|\?xml)", re.IGNORECASE)


def read_bytes(path: Path) -> bytes:
    """The content of a file, unpacked where it is compressed; raises DataError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataError(
            f"cannot read {path}: {error.strerror}; check the path and its permissions."
        ) from error
    return unpacked(data, path)


def unpacked(data: bytes, where: Path) -> bytes:
    """The bytes that were compressed, or these if they are not; raises DataError."""
    for mark, unpack in PACKED.values():
        if data.startswith(mark):
            try:
                return unpack(data)
            except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError) as error:
                raise DataError(
                    f"{where} is compressed and cannot be unpacked ({error}); it may be cut: "
                    "copy it again."
                ) from error
    return data


def is_pointer(data: bytes) -> bool:
    """Whether the content is a pointer to a file that Git LFS or git-annex keeps elsewhere."""
    return POINTER.match(data[:200].lstrip(b"\xef\xbb\xbf")) is not None


def refuse_pointer(data: bytes, path: Path) -> None:
    """Raises DataError for a pointer in the place of a file."""
    if is_pointer(data):
        raise DataError(
            f"{path} is a pointer of Git LFS or git-annex, not the file itself; fetch it "
            "(git lfs pull, or git annex get)."
        )


def kind_of(data: bytes) -> str:
    """The kind of a file that holds no plain text, for a message; empty for text."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _inside(data)
    if (PICKLE.match(data) and data.rstrip().endswith(b".")) or data.startswith(b"ccopy_reg"):
        return "a pickle"
    if HTML.match(data):
        return "a page of HTML or XML"
    return next((kind for mark, kind in SHOWN_BY if data.startswith(mark)), "")


def _inside(data: bytes) -> str:
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except zipfile.BadZipFile:
        return "a damaged ZIP archive"
    return next(
        (
            kind
            for part, kind in INSIDE_ZIP
            if any(n.startswith(part) or n.endswith(part) for n in names)
        ),
        "a ZIP archive",
    )
