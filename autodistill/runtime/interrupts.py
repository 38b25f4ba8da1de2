"""Ctrl-C, SIGTERM and their like: one line, the code 128 + n, and no process left behind.

The command line heeds them; a program that calls this package keeps its own handlers. The first
signal raises Interrupted where the main thread is, or, in a block that is `held`, when that block
asks or ends. A second one ends the process at once, and so does patience that runs out: a library
may be deep in a long call, or swallow the exception.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType

from autodistill.errors import Interrupted
from autodistill.runtime import files

ENDING = (
    signal.SIGINT,
    signal.SIGTERM,
    signal.SIGHUP,
    signal.SIGQUIT,
    signal.SIGUSR1,
    signal.SIGUSR2,
    signal.SIGALRM,
    signal.SIGXCPU,
)
"""Signals that ask a process to end: terminals, service managers and batch systems send them."""
PATIENCE_SECONDS = 5.0
"""Time for an orderly end after the first signal."""
KEPT = (
    "finished trials are kept, with teachers and signals, and nothing is half-written; "
    "run the same command again to continue"
)


@dataclass
class _State:
    number: int = 0
    """The signal that came first; 0 for none yet."""
    holders: int = 0
    """Blocks that want to be asked, not interrupted."""
    heeded: bool = False
    said: bool = False


_state = _State()


@contextmanager
def heeded() -> Iterator[None]:
    """A context in which signals end this process in order: one line, then SystemExit."""
    undo = None if _state.heeded else install()
    try:
        yield
        if _state.number:
            raise Interrupted  # a library swallowed the first one
    except (Interrupted, SystemExit) as end:
        if isinstance(end, SystemExit) and (end.code or not _state.number):
            raise
        if not _state.said:
            print(_line(), file=sys.stderr, flush=True)
        _state.said = True
        if _state.number:
            _kill_children()  # a server of workers would take its time to end
        raise SystemExit(128 + _number()) from None
    finally:
        if undo is not None:
            undo()


def waited_for() -> None:
    """Take the signal for what the command waited for: a server that is told to end, ends well."""
    _state.number = 0


@contextmanager
def held() -> Iterator[Callable[[], bool]]:
    """A block that no signal interrupts; yields whether one came. Interrupted at its end.

    In a program that leaves SIGINT to Python that is KeyboardInterrupt, and a second one raises it
    at once. Raised anywhere, the first could be lost: Python drops it in the callback of a weak
    reference.
    """
    undo = None if _state.heeded or _state.holders else _note_sigint()
    _state.holders += 1
    try:
        yield lambda: bool(_state.number)
    finally:
        _state.holders -= 1
        came = bool(_state.number)
        if undo is not None:
            undo()
    if came and not _state.holders:
        raise Interrupted if undo is None else KeyboardInterrupt


@contextmanager
def blocked() -> Iterator[None]:
    """A block whose new processes get none of these signals, from whomever they come.

    A terminal or a service manager signals all processes of a group; our workers end when this
    process says so, or is gone.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def install() -> Callable[[], None]:
    """Heed signals from now on, in the main thread; returns what undoes it.

    A thread hears of a signal even while the main thread cannot.
    """
    if threading.current_thread() is not threading.main_thread():
        return lambda: None
    heard = [n for n in ENDING if n != signal.SIGHUP or signal.getsignal(n) is not signal.SIG_IGN]
    old = {n: signal.signal(n, _note) for n in heard}  # `nohup` ignores SIGHUP: so do we
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    threading.Thread(target=_watch, args=(reader,), daemon=True).start()
    _state.heeded = True

    def undo() -> None:
        for number, handler in old.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(before)
        os.close(writer)
        _state.number, _state.heeded, _state.said = 0, False, False

    return undo


def _note_sigint() -> Callable[[], None] | None:
    """Take SIGINT for the program, where Python's own handler has it; returns what undoes it."""
    own = signal.default_int_handler
    if (
        threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGINT) is not own
    ):
        return None

    def note(number: int, frame: FrameType | None) -> None:
        if _state.number:
            own(number, frame)
        _state.number = number

    def undo() -> None:
        signal.signal(signal.SIGINT, own)
        _state.number = 0

    signal.signal(signal.SIGINT, note)
    return undo


def _note(number: int, _: FrameType | None) -> None:
    if _state.number:
        _end_now()
    _state.number = number
    if not _state.holders:
        raise Interrupted


def _watch(reader: int) -> None:
    """End the process if it has not ended by itself soon after a signal.

    The main thread may not even have heard of it: handlers run between two steps of Python.
    """
    while came := os.read(reader, 1):
        if came[0] in ENDING:
            time.sleep(PATIENCE_SECONDS)
            if _state.heeded:
                _state.number = _state.number or came[0]
                _end_now()
    os.close(reader)


def _end_now() -> None:
    """End without clean-up, past all buffers: a handler may run in the middle of a write."""
    cursor = "\x1b[?25h" if os.isatty(2) else ""
    with suppress(OSError):
        os.write(2, f"{cursor}{'' if _state.said else _line()}\n".encode())
    _kill_children()
    with suppress(Exception):
        files.remove_drafts()
    os._exit(128 + _number())


def _kill_children() -> None:
    with suppress(Exception):  # nothing may keep this process from ending
        import psutil

        for child in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):
                child.kill()


def _number() -> int:
    return _state.number or signal.SIGINT


def _line() -> str:
    return f"autodistill: interrupted by {signal.Signals(_number()).name}; {KEPT}"
