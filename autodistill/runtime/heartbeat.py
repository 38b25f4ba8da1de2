"""A sign of life while the main thread is busy with something that does not report."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def heartbeat(every: float, beat: Callable[[float], None]) -> Iterator[None]:
    """Call `beat(seconds so far)` from a thread, every so many seconds, until the block ends."""
    begin, over = time.monotonic(), threading.Event()

    def run() -> None:
        while not over.wait(every):
            beat(time.monotonic() - begin)

    thread = threading.Thread(target=run, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
