"""The interface of an engine, which runs the trials that it is given and decides nothing."""

from collections.abc import Sequence
from typing import Any, Protocol

from autodistill.runtime.workers import Ended, Reported


class Engine(Protocol):
    """Places for trials; `runtime.workers.LocalWorkers` is one."""

    @property
    def running(self) -> int:
        """Number of trials that run now."""
        ...

    @property
    def free(self) -> int:
        """Number of trials that may start now."""
        ...

    def start(self, ticket: Any, timeout_seconds: float) -> None:
        """Begin one trial; `ticket.number` names it in events."""
        ...

    def wait(self, seconds: float) -> Sequence[Reported | Ended]:
        """Events since the last call; blocks at most this long for one."""
        ...

    def stop(self) -> Sequence[int]:
        """End all trials; returns the numbers of those that ran."""
        ...
