"""Time of a pass on one thread, by the thread's own clock."""

import time
from collections.abc import Callable
from statistics import median


def quiet_ms(
    run: Callable[[], object], *, repeats: int = 100, warm_up: int = 10, blocks: int = 10
) -> float:
    """Milliseconds of a call that runs in this thread.

    The value is the median of the quietest block of calls by the thread's own clock, so that other
    load on the machine counts little.
    """
    seen = []
    for turn in range(warm_up + repeats):
        begin = time.thread_time()
        run()
        if turn >= warm_up:
            seen.append(1000 * (time.thread_time() - begin))
    size = max(1, repeats // blocks)
    return min(median(seen[n : n + size]) for n in range(0, len(seen), size))
