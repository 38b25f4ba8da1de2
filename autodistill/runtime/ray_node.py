"""The part of a Ray cluster: its nodes run trials, and an actor carries what they say.

Nothing here imports Ray before a node has it, and nothing knows of the study database.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autodistill.registry import registered
from autodistill.runtime.cache import home
from autodistill.runtime.node_files import Listing, moved, unpacked
from autodistill.runtime.worker_process import Run, ending

HEARING_SECONDS = 30.0
"""The longest that the coordinator's question for news is left open."""
_admitted: set[str] = set()
"""Works that this process has been found fit for."""


@dataclass(frozen=True)
class Work:
    """The inputs that all trials of a sitting share, once in the cluster's object store."""

    name: str
    run: Run
    data: Any
    listings: Mapping[Path, Listing]
    """Files that `run` and `data` name."""
    check: Callable[[], Sequence[str]]
    """check() -> why this machine cannot take part; empty where it can."""


class ClusterMailbox:
    """An actor: nodes leave messages and wait for answers, the coordinator takes and gives them."""

    def __init__(self) -> None:
        self.news: list[tuple[Any, ...]] = []
        self.arrived = asyncio.Event()
        self.answers: dict[str, asyncio.Future[Any]] = {}

    async def tell(self, key: str, kind: str, *what: Any) -> None:
        """Leave a message of this trial."""
        self.news.append((key, kind, *what))
        self.arrived.set()

    async def ask(self, key: str, kind: str, *what: Any) -> Any:
        """Leave a message, and wait for its answer."""
        answer = self.answers[key] = asyncio.get_running_loop().create_future()
        await self.tell(key, kind, *what)
        return await answer

    async def hear(self) -> list[tuple[Any, ...]]:
        """All messages since the last time, as soon as there is one."""
        try:
            await asyncio.wait_for(self.arrived.wait(), HEARING_SECONDS)
        except TimeoutError:
            return []
        self.arrived.clear()
        news, self.news = self.news, []
        return news

    async def answer(self, key: str, what: Any) -> None:
        """Answer a trial's last question; nobody may wait for it any more."""
        found = self.answers.pop(key, None)
        if found is not None and not found.done():
            found.set_result(what)


def run_there(
    mailbox: Any, key: str, work: Work, ticket: Any, own: Mapping[Path, Listing], members: bytes
) -> tuple[Any, ...]:
    """A trial on this node: ("done", result), ("refused", why) or (status, error).

    `own` are files that the ticket names.
    """
    import ray

    def ask(kind: str, *what: Any) -> Any:
        return ray.get(mailbox.ask.remote(key, kind, *what))

    def report(step: int, value: float) -> bool:
        return bool(ask("report", step, float(value)))

    try:
        if work.name not in _admitted:
            if problems := list(work.check()):
                return "refused", ray.util.get_node_ip_address(), problems
            _admitted.add(work.name)
        registered.unpack(members)
        places = _places({**work.listings, **own}, lambda paths: ask("lacks", paths), ray.get)
        ray.get(mailbox.tell.remote(key, "begun"))
        run, data, spec = (moved(each, places) for each in (work.run, work.data, ticket))
        return "done", run(data, spec, report)
    except Exception as error:
        return ending(error)


def _places(
    listings: Mapping[Path, Listing],
    ask: Callable[[list[Path]], Mapping[Path, Any]],
    get: Callable[[Any], bytes],
) -> dict[Path, Path]:
    """The paths on this node, of those that are others here."""
    lacking = [path for path, listing in listings.items() if not listing.is_here()]
    if not lacking:
        return {}
    places = {path: unpacked(parcel, get) for path, parcel in ask(lacking).items()}
    # nothing is there yet: a place that the trial itself writes to
    new = [path for path, listing in listings.items() if not listing.marks]
    return places | {path: home() / path.parent.name / path.name for path in new}
