"""The clock of a search: seconds in which it could work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from autodistill.runtime.workers import ASLEEP
from autodistill.storage.outage import working_time


class SearchClock:
    """Seconds since it was made, without those in which the machine or the process stood still.

    A process stands still, too, while it waits for a database that does not answer.
    """

    def __init__(self, now: Callable[[], float] = working_time) -> None:
        self.now = now
        self.began = now()
        self.asleep = 0.0

    @property
    def seconds(self) -> float:
        """Seconds that count."""
        return self.now() - self.began - self.asleep

    @contextmanager
    def waiting(self, most: float) -> Iterator[None]:
        """A wait that ends after `most` seconds, unless nothing ran meanwhile."""
        begin = self.now()
        yield
        over = self.now() - begin - most
        if over > ASLEEP:
            self.asleep += over
