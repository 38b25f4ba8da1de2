"""A server that does not answer while a search runs: it is waited for, and that is said once."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

OUTAGE_SECONDS = 600.0
"""The longest wait for a server that restarts, moves, or is cut off: trials go on meanwhile."""
QUIET_SECONDS = 3.0
"""A shorter wait is not worth a line."""
SAME_SECONDS = 30.0
"""A refusal so soon after an answer is the same outage: threads do not find its end together."""


@dataclass
class _Outages:
    """Outages as this process meets them; all its threads may wait."""

    say: Callable[[str], None] | None = None
    """The way to tell a person; None where no search runs."""
    told: bool = False
    answered: float | None = None
    """When the server answered again."""
    waited: float = 0.0
    """Seconds for which databases did not answer the main thread."""


_here, _lock = _Outages(), threading.Lock()


@contextmanager
def waited_out(say: Callable[[str], None]) -> Iterator[None]:
    """A context in which a server is waited for up to OUTAGE_SECONDS, with one line to `say`."""
    before, _here.say = _here.say, say
    _here.told, _here.answered = False, None
    try:
        yield
    finally:
        _here.say = before


def is_waited_out() -> bool:
    """Whether a search runs here."""
    return _here.say is not None


def pause(seconds: float, so_far: float, why: str) -> None:
    """Wait before another try, and say so where it has taken a while."""
    if so_far + seconds >= QUIET_SECONDS and _is_news() and _here.say is not None:
        _here.say(f"storage   {why} Trying again for up to {OUTAGE_SECONDS / 60:.0f} min.")
    time.sleep(seconds)


def answered(lost: float) -> None:
    """Note that the database answers again, after so many seconds of tries."""
    if threading.current_thread() is threading.main_thread():
        _here.waited += lost
    with _lock:
        if _here.told and _here.answered is None:
            _here.answered = time.monotonic()


def working_time() -> float:
    """Seconds of a clock without those for which a database did not answer the main thread."""
    return time.monotonic() - _here.waited


def _is_news() -> bool:
    """Whether this outage has not been told; it is told now."""
    with _lock:
        old = _here.answered is None or time.monotonic() - _here.answered < SAME_SECONDS
        if _here.told and old:
            return False
        _here.told, _here.answered = True, None
        return True
