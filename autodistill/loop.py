"""The product in one screen: prepare, ask, run, store, tell; then the answer."""

import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from autodistill.errors import Interrupted
from autodistill.prepare import Prepared, median_length, prepare
from autodistill.record import Record
from autodistill.scale.local import Ended, LocalWorkers, Reported
from autodistill.screen import Screen, short
from autodistill.search.questions import Questions
from autodistill.sitting import Costs, Sitting
from autodistill.store import Store
from autodistill.study import Budget, Study
from autodistill.train.size import measure_pace, trial_size
from autodistill.train.trial import Ticket, run_trial

PRELOAD = ("autodistill.train.preload",)


@dataclass(frozen=True)
class Found:
    """What a search leaves behind."""

    prepared: Prepared
    record: Record


def search(study: Study, budget: Budget, *, storage: str, workers: int, data_root: Path | None, name: str, screen: Screen) -> Found:
    """Spend the budget on a study, new or resumed; raises Interrupted after Ctrl-C."""
    prepared = prepare(study, screen, data_root)
    store = Store(storage)
    name = name or prepared.study.name
    facts = _begin(store, prepared, budget, workers, name, screen)
    with store.claim(name) as lease, _interrupts() as interrupted:
        history = store.record(name)
        questions = Questions(name, prepared.space, store.url, seed=study.seed, history=history, front=study.front)
        costs = Costs(store, name, prepared.data, median_length(prepared.data.shards["full"]))
        sitting = Sitting(store, questions, lease, budget, name, facts, screen, len(history.finished), costs, study.limits)
        if sitting.is_spent():
            screen.line(f"study     {name}: the budget is spent; give a larger --trials or --budget to go on")
        spend(sitting, LocalWorkers(run_trial, prepared.data, workers=workers, preload=PRELOAD), interrupted)
        if interrupted():
            raise Interrupted
    return Found(prepared, store.record(name))


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
    try:
        while (pool.live or sitting.may_start(0)) and not interrupted():
            while pool.free and sitting.may_start(len(pool.live)):
                pool.start(sitting.next_ticket(len(pool.live)), timeout_seconds=sitting.facts["timeout_seconds"])
            for event in pool.wait(0.5):
                sitting.take(event)
            sitting.beat()
            if sitting.is_overdue():
                break
    finally:
        for number in pool.stop():
            sitting.questions.put_back(number)
        sitting.beat()


def _begin(store: Store, prepared: Prepared, budget: Budget, workers: int, name: str, screen: Screen) -> Mapping[str, Any]:
    """Register the study; how large its trials are is decided once, when it is new."""
    store.begin(prepared.study, {}, name=name)
    if "rows" in (facts := store.facts(name)):
        done, spent = len(store.record(name).finished), store.spent_seconds(name)
        screen.line(f"study     {name} in {storage_label(store.url)}: going on after {done} runs and {short(spent)}")
        return facts
    pace = measure_pace(prepared.data, prepared.space.sample(_defaults(prepared)))
    size = trial_size(pace, prepared.data.train_rows, seconds=budget.seconds, workers=workers)
    facts = {
        "rows": size.rows,
        "epochs": size.epochs,
        "trial_seconds": size.seconds,
        "timeout_seconds": max(120.0, 8 * size.seconds),
        "teacher_score": prepared.teacher_score,
        "train_rows": len(prepared.task.train),
        "selection_rows": len(prepared.task.selection),
        "classes": prepared.task.classes,
    }
    store.update_facts(name, facts)
    store.note_selection(name, prepared.selection)
    store.note_dataset(prepared.task.fingerprint, {"name": prepared.task.name, "labels": list(prepared.task.label_names)})
    about = {"name": prepared.teacher.name, "score": prepared.teacher_score, "dataset": prepared.task.fingerprint}
    store.note_teacher(prepared.teacher.key, about)
    screen.line(f"study     {name} in {storage_label(store.url)}: new")
    passes = f"{size.epochs} epochs" if size.epochs > 1 else "1 epoch"
    screen.line(f"trials    {size.rows:,} rows, {passes}, about {short(size.seconds)} each on one of {workers} workers")
    return facts


def _defaults(prepared: Prepared) -> Callable[[str, Any], Any]:
    values = prepared.space.default_values()
    return lambda name, _: values[name]


def storage_label(url: str) -> str:
    """The database for people: a file's name, or a URL without its password."""
    from sqlalchemy.engine import make_url

    parsed = make_url(url)
    return parsed.database or "memory" if parsed.drivername.startswith("sqlite") else parsed.render_as_string(hide_password=True)


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
