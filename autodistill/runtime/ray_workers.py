"""Trials as tasks of a Ray cluster; see `ray_node` for what happens there.

Ray chooses the machine, and its autoscaler sees tasks that wait. A task is never made again by
Ray: the coordinator decides.
"""

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from autodistill.errors import SpecError, StorageError
from autodistill.registry import registered
from autodistill.runtime.node_files import Beside, Listing, Parcel, packed, paths_in
from autodistill.runtime.ray_cluster import Cluster
from autodistill.runtime.ray_node import ClusterMailbox, Work, run_there
from autodistill.runtime.text import first_line
from autodistill.runtime.worker_process import Run
from autodistill.runtime.workers import ASLEEP, Ended, Reported

WAITING_SECONDS = 60.0
"""A trial that waits so long for a place is told of, once."""
LOST = "NodeDiedError", "WorkerCrashedError", "LocalRayletDiedError", "ObjectLostError"
"""Ray's errors for a machine or a process that is gone."""


@dataclass
class _Live:
    key: str
    number: int
    task: Any
    timeout_seconds: float
    given: float
    begin: float | None = None
    """When it began to run; until then no time of it passes."""
    asked: float | None = None
    """When it reported, until it is answered."""

    def is_over(self, now: float) -> bool:
        """Whether its time is up."""
        if self.begin is None or self.asked is not None:
            return False
        return now - self.begin > self.timeout_seconds

    def seconds(self) -> float:
        """Seconds that it has run."""
        return 0.0 if self.begin is None else time.monotonic() - self.begin


class RayWorkers:
    """Places for trials in a cluster."""

    def __init__(
        self,
        cluster: Cluster,
        run: Run,
        data: Any,
        *,
        workers: int,
        cores: int = 1,
        cards: float = 0.0,
        check: Callable[[], Sequence[str]] = tuple,
        beside: Beside = lambda _: (),
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        """At most `workers` trials at once, with so many cores and cards each.

        A machine on which `check` finds something takes no part: `wait` raises SpecError.
        """
        self.ray = ray = cluster.ray
        self.workers = workers
        self.beside = beside
        self.say = say
        scheduling = import_module("ray.util.scheduling_strategies")
        here = scheduling.NodeAffinitySchedulingStrategy(
            ray.get_runtime_context().get_node_id(), soft=False
        )
        self.mailbox = (
            ray.remote(ClusterMailbox)
            .options(num_cpus=0, scheduling_strategy=here, max_concurrency=10_000)
            .remote()
        )
        self.task = ray.remote(run_there).options(num_cpus=cores, num_gpus=cards, max_retries=0)
        self.work = ray.put(Work(secrets.token_hex(8), run, data, self._listed((run, data)), check))
        self.parcels: dict[Listing, Parcel] = {}
        self.hearing = self.mailbox.hear.remote()
        self.live: dict[str, _Live] = {}
        self.told = False

    @property
    def running(self) -> int:
        """Number of trials that run or wait for a machine."""
        return len(self.live)

    @property
    def free(self) -> int:
        """Number of trials that may start now."""
        return self.workers - len(self.live)

    def start(self, ticket: Any, timeout_seconds: float) -> None:
        """Begin one trial; `ticket.number` names it in events."""
        key, own = secrets.token_hex(8), self._listed(ticket)
        task = self.task.remote(self.mailbox, key, self.work, ticket, own, registered.pack())
        self.live[key] = _Live(key, ticket.number, task, timeout_seconds, time.monotonic())

    def wait(self, seconds: float) -> list[Reported | Ended]:
        """Events since the last call; blocks at most this long for one."""
        begin = time.monotonic()
        tasks = {each.task: each for each in self.live.values()}
        waiting = [self.hearing, *tasks]
        ready, _ = self.ray.wait(waiting, timeout=seconds)
        if ready:
            ready, _ = self.ray.wait(waiting, num_returns=len(waiting), timeout=0)
        if (asleep := time.monotonic() - begin - seconds) > ASLEEP:
            for each in self.live.values():
                if each.begin is not None and each.asked is None:
                    each.begin += asleep
        events = self._heard() if self.hearing in ready else []
        events += [self._ended(tasks[task]) for task in ready if task in tasks]
        now = time.monotonic()
        for late in [each for each in self.live.values() if each.is_over(now)]:
            self.ray.cancel(late.task, force=True)
            events.append(self._end(late, "timeout", f"still running after {late.seconds():.0f} s"))
        self._tell_of_waiting(now)
        return events

    def stop(self) -> list[int]:
        """End all trials; returns the numbers of those that ran or waited."""
        numbers = [each.number for each in self.live.values()]
        for each in self.live.values():
            self.ray.cancel(each.task, force=True)
        self.live.clear()
        self.ray.kill(self.mailbox)
        return numbers

    def _listed(self, value: Any) -> dict[Path, Listing]:
        return {path: Listing.of(path, self.beside(path)) for path in set(paths_in(value))}

    def _heard(self) -> list[Reported | Ended]:
        try:
            news = self.ray.get(self.hearing)
        except self.ray.exceptions.RayError as error:
            raise StorageError(
                f"the Ray cluster is lost: {first_line(error)}. Finished trials are kept; run the "
                "same command again to go on."
            ) from None
        self.hearing = self.mailbox.hear.remote()
        return [event for key, *said in news for event in self._event(key, *said)]

    def _event(self, key: str, kind: str, *what: Any) -> list[Reported | Ended]:
        if (live := self.live.get(key)) is None:
            return []
        if kind == "begun":
            live.begin = time.monotonic()
        elif kind == "lacks":
            self.mailbox.answer.remote(key, self._parcels(what[0]))
        else:
            live.asked = time.monotonic()
            step, value = what
            return [Reported(live.number, step, value, partial(self._answer, key))]
        return []

    def _parcels(self, paths: Sequence[Path]) -> dict[Path, Parcel]:
        """The content of these files, read once for all machines."""
        found = {}
        for path in paths:
            listing = Listing.of(path, self.beside(path))
            if listing not in self.parcels:
                self.parcels[listing] = packed(listing, self.ray.put)
            found[path] = self.parcels[listing]
        return found

    def _answer(self, key: str, stop: bool) -> None:
        live = self.live.get(key)
        if live is None or live.begin is None or live.asked is None:
            return
        live.begin, live.asked = live.begin + time.monotonic() - live.asked, None
        self.mailbox.answer.remote(key, stop)

    def _ended(self, live: _Live) -> Ended:
        errors = self.ray.exceptions
        try:
            status, *found = self.ray.get(live.task)
        except errors.OutOfMemoryError as error:
            return self._end(live, "out_of_memory", first_line(error))
        except errors.RayError as error:
            lost = type(error).__name__ in LOST
            if not lost and "No module named 'autodistill" in str(error):
                raise SpecError(
                    "a machine of the cluster lacks kd-autodistill: install the same version there."
                ) from None
            why = "its machine or its process is gone: " if lost else ""
            return self._end(live, "killed" if lost else "failed", why + first_line(error))
        if status == "refused":
            where, problems = found
            raise SpecError(
                [
                    f"the machine {where} of the cluster cannot take part. Install the same "
                    "versions there, on the same kind of processor",
                    *problems,
                ]
            )
        if status == "done":
            return self._end(live, "done", "", found[0])
        return self._end(live, status, found[0])

    def _end(self, live: _Live, status: str, error: str, result: Any = None) -> Ended:
        del self.live[live.key]
        return Ended(live.number, status, result, error, live.seconds())

    def _tell_of_waiting(self, now: float) -> None:
        """Say once that no machine has room: Ray waits for ever."""
        if self.told or any(each.begin is not None for each in self.live.values()):
            return
        if any(now - each.given > WAITING_SECONDS for each in self.live.values()):
            self.told = True
            self.say(
                f"cluster   no machine has room for a trial yet; {len(self.live)} wait "
                "(`ray status` shows what is taken)"
            )
