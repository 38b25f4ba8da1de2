"""The start of a worker process: what it, and the fork server behind it, inherit."""

import errno
import multiprocessing as mp
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing import forkserver, resource_tracker
from multiprocessing.context import ForkServerContext
from multiprocessing.util import get_temp_dir
from types import ModuleType

from autodistill.errors import StorageError
from autodistill.runtime import interrupts

SERVER_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
"""Environment of the fork server.

Numerical libraries read it once, when they are loaded, and take no argument for it.
"""
BEGINS = "autodistill.runtime.preload_begins"
ENDS = "autodistill.runtime.preload_ends"
"""Modules that the fork server imports for what they do, before and after all others."""
COORDINATOR, SOCKET_FOLDER = "_AUTODISTILL_COORDINATOR", "_AUTODISTILL_SOCKETS"
"""Tell it of this process and the folder of its socket, which it removes if this is killed."""
NO_FOLDER = {errno.EACCES, errno.ENOENT, errno.ENOTDIR, errno.EROFS, errno.ENOSPC}
"""Errors of a folder in which no socket can be made."""


@contextmanager
def launching(module: str) -> Iterator[None]:
    """A context in which a process starts that runs a function of this module."""
    resource_tracker.ensure_running()  # inside, it would let signals through again
    with interrupts.blocked(), _no_main(module), _no_socket(), environment(_of_server()):
        yield


def preloading(modules: Sequence[str]) -> ForkServerContext:
    """Processes of the fork server, which has loaded these modules and does not look there again.

    They are half a million objects, none of them garbage: a worker that looked through them would
    take half a second each time, and memory of its own for all of them.
    """
    context = mp.get_context("forkserver")
    context.set_forkserver_preload([BEGINS, *modules, ENDS])
    return context


def warm_up(preload: Sequence[str]) -> None:
    """Start the fork server, which loads these modules while this process does other work."""
    preloading(preload)
    with launching(__name__):
        forkserver.ensure_running()


@contextmanager
def environment(values: Mapping[str, str]) -> Iterator[None]:
    """The environment of processes that are started inside; restored afterwards.

    The fork server can be given one in no other way.
    """
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _of_server() -> dict[str, str]:
    here = {COORDINATOR: str(os.getpid()), SOCKET_FOLDER: get_temp_dir()}
    return {**SERVER_ENVIRONMENT, **here}


@contextmanager
def _no_main(module: str) -> Iterator[None]:
    """Keep a child from running the person's script once more.

    multiprocessing does so to find what is defined in it. A script that searches, without the line
    `if __name__ == "__main__"`, would search again in every child.
    """
    main = sys.modules["__main__"]
    if module != "__main__":
        sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextmanager
def _no_socket() -> Iterator[None]:
    """A context that turns a refusal of the folder for temporary files into one message.

    The fork server is reached by a socket there, whose path may have about a hundred bytes.
    """
    try:
        yield
    except OSError as error:
        if "AF_UNIX path too long" in str(error):
            why = "its path is too long for a socket"
        elif "No usable temporary directory" in str(error) or error.errno in NO_FOLDER:
            why = (error.strerror or "none can be written").lower()
        else:
            raise
        raise StorageError(
            f"no trial can be started: the folder for temporary files cannot be used: {why}. "
            "Set TMPDIR to a folder that you own, with a short path."
        ) from None
