"""Standard streams that never get in the way of the work.

Output that nobody reads any more (`| head`, a terminal that was closed) is dropped, and the command
goes on to its end and its own exit code: a search must still write its recipe, and a listing has
nothing left to do that would take long. A character that the stream's encoding lacks becomes `?`.
"""

import errno
import io
import os
import sys
from contextlib import suppress
from typing import Any, TextIO

from autodistill.runtime.files import FULL

GONE = {errno.EPIPE, errno.EIO, errno.ENXIO, errno.EBADF, errno.ECONNRESET}
"""Errors of a stream that nobody reads any more."""

STRICT = {"strict", "surrogateescape"}
"""Ways to treat characters that refuse some."""


class Outlet(io.FileIO):
    """A file descriptor that drops what cannot be written, and remembers why."""

    refusal: OSError | None = None

    def write(self, data: Any, /) -> int:
        """As `FileIO.write`; everything counts as written once one write was refused."""
        if self.refusal is None:
            try:
                return super().write(data)
            except OSError as error:
                self.refusal = error
        return len(data)


def guard() -> None:
    """Replace the process's own standard streams; those that somebody else put there stay."""
    for descriptor in range(3):
        _open_if_closed(descriptor)
    if sys.stdout is sys.__stdout__:
        sys.stdout = _guarded(sys.__stdout__, 1)
    if sys.stderr is sys.__stderr__:
        sys.stderr = _guarded(sys.__stderr__, 2)


def refusal() -> str:
    """Why the answer could not be written in full, in words; nothing if only its reader left."""
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    if not isinstance(raw, Outlet):
        return ""
    sys.stdout.flush()
    if raw.refusal is None or raw.refusal.errno in GONE:
        return ""
    return FULL.get(raw.refusal.errno or 0, str(raw.refusal.strerror).lower())


def is_refused() -> bool:
    """Whether nothing more that is printed arrives: its reader left, or the disk is full."""
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return isinstance(raw, Outlet) and raw.refusal is not None


def _open_if_closed(descriptor: int) -> None:
    """Else the next file that is opened, a database, say, would get all that is printed."""
    try:
        os.fstat(descriptor)
    except OSError:
        with suppress(OSError):
            os.open(os.devnull, os.O_RDWR)


def _guarded(stream: TextIO | None, descriptor: int) -> TextIO:
    """A stream in place of this one, which is None where the descriptor was closed."""
    encoding, errors, by_line = "utf-8", "replace", descriptor == 2
    if isinstance(stream, io.TextIOWrapper):
        with suppress(OSError):
            stream.flush()
        encoding = stream.encoding
        by_line |= stream.line_buffering or stream.write_through
        errors = "replace" if stream.errors in STRICT else stream.errors or "replace"
    outlet = Outlet(descriptor, "wb", closefd=False)
    return io.TextIOWrapper(
        io.BufferedWriter(outlet), encoding=encoding, errors=errors, line_buffering=by_line
    )
