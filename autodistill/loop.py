"""The product in one screen: prepare, ask, run, store, tell; then the answer."""

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from autodistill.begin import begin, go_on, is_known
from autodistill.errors import Interrupted
from autodistill.forecast import Forecast, forecast, lines
from autodistill.prepare import Looked, Prepared, look, median_length, prepare
from autodistill.record import Record
from autodistill.scale.local import Ended, LocalWorkers, Reported
from autodistill.screen import Screen
from autodistill.search.questions import Questions
from autodistill.sitting import Costs, Sitting
from autodistill.store import Store
from autodistill.study import Budget, Study
from autodistill.train.trial import Ticket, run_trial
from autodistill.tuned import PRELOAD
from autodistill.views import Views


@dataclass(frozen=True)
class Found:
    """What a search leaves behind."""

    prepared: Prepared
    record: Record


def search(study: Study, budget: Budget, *, storage: str, workers: int, data_root: Path | None, name: str, screen: Screen) -> Found:
    """Spend the budget on a study, new or resumed; raises Interrupted after Ctrl-C."""
    looked = look(study, screen, data_root)
    foreseen = None if looked.recorded() else foresee(looked, budget, workers, screen)
    prepared = prepare(looked, screen)
    store = Store(storage)
    name = name or prepared.study.name
    if is_known(store, name):
        facts = go_on(store, prepared, name, screen)
    else:
        facts = begin(store, prepared, foreseen or foresee(looked, budget, workers, screen, prepared.teacher_score), name, screen)
    with store.claim(name) as lease, _interrupts() as interrupted:
        history = store.record(name)
        asked = (name, prepared.space, store.url)
        questions = Questions(*asked, seed=study.seed, history=history, closing_share=budget.closing_share)
        costs = Costs(store, name, prepared.data, median_length(prepared.data.shards["full"]))
        views = Views(prepared, screen)
        sitting = Sitting(store, questions, lease, budget, name, facts, screen, len(history.finished), costs, study.limits, views)
        if sitting.is_spent():
            screen.line(f"study     {name}: the budget is spent; give a larger --trials or --budget to go on")
        spend(sitting, LocalWorkers(run_trial, prepared.data, workers=workers, preload=PRELOAD), interrupted)
        if interrupted():
            raise Interrupted
    return Found(prepared, store.record(name))


def foresee(looked: Looked, budget: Budget, workers: int, screen: Screen, *known: float) -> Forecast:
    """Plan, and say what the search will cost and can show."""
    foreseen = forecast(looked, budget, workers, *known)
    for line in lines(foreseen.plan):
        screen.line(line)
    return foreseen


class Pool(Protocol):
    """Where runs happen; `scale.local.LocalWorkers` is one."""

    live: dict[Any, Any]

    @property
    def free(self) -> int: ...
    def start(self, ticket: Ticket, timeout_seconds: float) -> None: ...
    def wait(self, seconds: float) -> Sequence[Reported | Ended]: ...
    def stop(self) -> Sequence[int]: ...


def spend(sitting: Sitting, pool: Pool, interrupted: Callable[[], bool]) -> None:
    """Ask, run, store, tell until the budget is spent; what still runs at the end is put back."""

    def serve(seconds: float) -> None:
        for event in pool.wait(seconds):
            sitting.take(event)
        sitting.beat()

    def meanwhile() -> None:
        serve(0.0)
        if interrupted():
            raise Interrupted

    try:
        while (pool.live or sitting.may_start(0)) and not interrupted():
            while pool.free and sitting.may_start(len(pool.live)):
                ticket = sitting.next_ticket(len(pool.live), meanwhile)
                pool.start(ticket, timeout_seconds=sitting.facts["timeout_seconds"] * (1 + len(ticket.views)))
            serve(0.5)
            if sitting.is_overdue():
                break
    finally:
        for number in pool.stop():
            sitting.questions.put_back(number)
        sitting.beat()


@contextmanager
def _interrupts() -> Iterator[Callable[[], bool]]:
    """Ctrl-C and SIGTERM raise a flag; a second one ends at once."""
    seen: list[int] = []

    def note(number: int, _: Any) -> None:
        if seen:
            sys.exit(130)
        seen.append(number)

    old = {s: signal.signal(s, note) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(seen)
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)
