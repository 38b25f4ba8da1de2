"""A worker's side: the process that runs trials and reports to the coordinator."""

import multiprocessing as mp
import os
import threading
import traceback
from collections.abc import Callable
from multiprocessing import connection
from typing import Any

from autodistill.registry import registered

OUT_OF_MEMORY = (
    "out of memory",
    "can't allocate memory",
    "not enough memory",
    "cannot allocate memory",
)
Run = Callable[[Any, Any, Callable[[int, float], bool]], Any]
"""run(data, spec, report) -> plain result."""


def serve(pipe: Any, run: Run, data: Any, ticket: Any, members: bytes, stays: bool) -> None:
    """Run a trial, and those that come after it if the process stays; an error ends it."""
    threading.Thread(target=_die_with_parent, daemon=True).start()

    def report(step: int, value: float) -> bool:
        pipe.send(("report", step, float(value)))
        return bool(pipe.recv())

    try:
        registered.unpack(members)
        pipe.send(("done", run(data, ticket, report)))
        while stays:
            ticket = pipe.recv()
            pipe.send(("done", run(data, ticket, report)))
    except (EOFError, BrokenPipeError):
        os._exit(1)  # the coordinator is gone
    except BaseException as error:  # the coordinator records it as the trial's outcome
        pipe.send(("error", *ending(error)))


def ending(error: BaseException) -> tuple[str, str]:
    """(status, message) for a trial that ended by this exception."""
    status = "out_of_memory" if is_out_of_memory(error) else "failed"
    return status, f"{type(error).__name__}: {error}\n{traceback.format_exc()[-3000:]}"


def is_out_of_memory(error: BaseException) -> bool:
    """Whether memory ran out, including the RuntimeErrors of torch's allocators."""
    return isinstance(error, MemoryError) or any(
        text in str(error).lower() for text in OUT_OF_MEMORY
    )


def _die_with_parent() -> None:
    parent = mp.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
