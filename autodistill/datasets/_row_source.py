"""The bytes of a table, a line at a time: of a file, or of standard input."""

import codecs
import io
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO

from autodistill.datasets._encoding import text_of
from autodistill.datasets._files import BINARY, ending, missing
from autodistill.datasets._kinds import PACKED, kind_of, read_bytes, refuse_pointer, unpacked
from autodistill.errors import DataError

STDIN = "-"
HEAD = 1 << 16
"""Bytes by which a source is recognised."""
BLOCK = 1 << 20


@dataclass(frozen=True)
class RowSource:
    """Bytes to read rows from, as UTF-8 where they are text."""

    where: Path
    """For messages."""
    head: bytes
    """The first bytes, at most `HEAD` but a line at least."""
    lines: Callable[[], Iterator[bytes]]
    """All lines, with their ends."""
    whole: Callable[[], bytes]
    again: bool
    """Whether it can be read more than once."""
    notes: tuple[str, ...] = ()
    """Remarks for the user about its encoding."""
    file: Path | None = None
    """The file, where its bytes are those that are read."""

    @property
    def ending(self) -> str:
        """The ending that names the format; empty for a stream."""
        return ending(self.where)


def open_source(name: str) -> RowSource:
    """The file of this name, or standard input for `-`; raises DataError."""
    if name == STDIN:
        return _of_stream(Path("standard input"), sys.stdin)
    path = Path(name).expanduser()
    if not path.exists():
        raise DataError(missing(path))
    if path.is_dir():
        raise DataError(f"{path} is a folder; give a file of rows.")
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
        if not path.is_file():  # a pipe, say, which has been read from
            raise DataError(f"{path} is no regular file; pipe it in: < {path} with the name -")
        refuse_pointer(head, path)
        if any(head.startswith(mark) for mark, _ in PACKED.values()):
            return _in_memory(path, read_bytes(path))
        if kind_of(head) in BINARY or _is_utf8(path):
            return RowSource(
                *(path, head, lambda: _file_lines(path), path.read_bytes, True), file=path
            )
    except OSError as error:
        raise DataError(
            f"cannot read {path}: {error.strerror}; check the path and its permissions."
        ) from error
    return _in_memory(path, read_bytes(path))


def _in_memory(path: Path, data: bytes) -> RowSource:
    """Bytes that were unpacked, or are written in another encoding than UTF-8."""
    notes: tuple[str, ...] = ()
    if not kind_of(data):
        text, notes = text_of(data, path)
        data = text.encode()
    return RowSource(path, data[:HEAD], lambda: iter(io.BytesIO(data)), lambda: data, True, notes)


def _of_stream(where: Path, stdin: TextIO) -> RowSource:
    """Standard input, of which as little is read at once as is there."""
    # whoever put a text in its place has no bytes
    stream: BinaryIO = getattr(stdin, "buffer", None) or io.BytesIO(stdin.read().encode())
    head = _first(stream)
    if kind_of(head) in BINARY:
        rest = stream.read()
        return RowSource(where, head, lambda: iter(()), lambda: head + rest, False)
    packed = any(head.startswith(mark) for mark, _ in PACKED.values())
    if packed or not _is_begin_of_utf8(head):
        return _in_memory(where, unpacked(head + stream.read(), where))
    return RowSource(
        where, head, lambda: _joined(head, stream), lambda: head + stream.read(), False
    )


def _first(stream: BinaryIO) -> bytes:
    """The bytes that are there, a line at least; a pipe may give its first line in pieces."""
    head, read = b"", getattr(stream, "read1", stream.read)
    while b"\n" not in head[:HEAD] and (more := read(HEAD)):
        head += more
    return head


def _joined(head: bytes, stream: BinaryIO) -> Iterator[bytes]:
    for line in io.BytesIO(head.removeprefix(codecs.BOM_UTF8)):
        yield line if line.endswith(b"\n") else line + stream.readline()
    yield from stream


def _file_lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        for number, line in enumerate(stream):
            yield line if number else line.removeprefix(codecs.BOM_UTF8)


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as stream:
            while block := stream.read(BLOCK):
                if b"\0" in block:
                    return False
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_begin_of_utf8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return b"\0" not in head
