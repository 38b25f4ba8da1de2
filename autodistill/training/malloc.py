"""Retention of the memory that each training step frees.

Giving it back to the system and taking it again costs a tenth of a trial.
"""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

TRIM_THRESHOLD, TOP_PAD, MMAP_THRESHOLD = -1, -2, -3
"""Names of glibc's settings: see mallopt(3)."""
KEEPING = {TRIM_THRESHOLD: 1 << 30, TOP_PAD: 64 << 20, MMAP_THRESHOLD: 32 << 20}
USUAL = {TRIM_THRESHOLD: 128 << 10, TOP_PAD: 128 << 10, MMAP_THRESHOLD: 128 << 10}


@contextmanager
def kept_memory() -> Iterator[None]:
    """A context in which freed memory stays with this process; then it goes back.

    Does nothing where there is no glibc.
    """
    library = ctypes.CDLL(None)
    if not (hasattr(library, "mallopt") and hasattr(library, "malloc_trim")):
        yield
        return
    for setting, value in KEEPING.items():
        library.mallopt(setting, value)
    try:
        yield
    finally:
        for setting, value in USUAL.items():
            library.mallopt(setting, value)
        library.malloc_trim(0)


def give_back() -> None:
    """Hand freed memory back to the system; nothing where there is no glibc."""
    library = ctypes.CDLL(None)
    if hasattr(library, "malloc_trim"):
        library.malloc_trim(0)
