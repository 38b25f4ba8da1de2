"""The product in one screen: prepare, ask, run, store, tell; then the answer."""

import math
import platform
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from autodistill.errors import Interrupted
from autodistill.pipeline import Pipeline
from autodistill.prepare import Prepared, prepare
from autodistill.record import Outcome, Record
from autodistill.scale.local import Ended, LocalWorkers, Reported
from autodistill.screen import Screen, short
from autodistill.search.questions import Asked, Questions
from autodistill.store import Lease, Store
from autodistill.study import Budget, Study
from autodistill.train.size import trial_size
from autodistill.train.trial import Ticket, run_trial

PRELOAD = ("autodistill.train.preload",)
GRACE = 1.1
"""Share of the time budget after which what still runs is cut off and put back."""
NEEDED_SHARE = 0.8
"""Of a trial's expected seconds that must be left for it to begin."""
HOPELESS_START = 3
"""A search whose first trials all fail ends with the first one's error."""


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
        questions = Questions(name, prepared.space, store.url, seed=study.seed, history=history)
        sitting = _Sitting(store, questions, lease, budget, name, facts, screen, len(history.finished))
        if sitting.is_spent():
            screen.line(f"study     {name}: the budget is spent; give a larger --trials or --budget to go on")
        pool = LocalWorkers(run_trial, prepared.data, workers=workers, preload=PRELOAD)
        try:
            while (pool.live or sitting.may_start(0)) and not interrupted():
                while pool.free and sitting.may_start(len(pool.live)):
                    pool.start(sitting.next_ticket(len(pool.live)), timeout_seconds=facts["timeout_seconds"])
                for event in pool.wait(0.5):
                    sitting.take(event)
                sitting.beat()
                if sitting.is_overdue():
                    break
        finally:
            for number in pool.stop():
                questions.put_back(number)
            sitting.beat()
        if interrupted():
            raise Interrupted
    return Found(prepared, store.record(name))


class _Sitting:
    """One sitting of a search: from events to stored outcomes, and whether the budget allows more."""

    def __init__(
        self,
        store: Store,
        questions: Questions,
        lease: Lease,
        budget: Budget,
        name: str,
        facts: Mapping[str, Any],
        screen: Screen,
        finished: int,
    ) -> None:
        self.store = store
        self.questions = questions
        self.lease = lease
        self.budget = budget
        self.name = name
        self.facts = facts
        self.screen = screen
        self.finished = finished
        self.failed_first = 0
        self.best = max((o.score for o in questions.outcomes if o.score is not None and o.status == "complete"), default=None)
        self.began = time.monotonic()
        self.curves: dict[int, list[tuple[int, float]]] = {}
        self.environment = environment()

    @property
    def seconds(self) -> float:
        """Wall seconds of this study's searching, over all sittings."""
        return self.lease.spent_before + time.monotonic() - self.began

    def is_spent(self) -> bool:
        """Nothing is left of the budget."""
        return self.budget.spent(self.finished, self.seconds) >= 1

    def is_overdue(self) -> bool:
        """Time is up for those that still run, too; but a study ends with one complete run at least."""
        return self.best is not None and self.budget.seconds is not None and self.seconds > self.budget.seconds * GRACE + 5

    def may_start(self, running: int) -> bool:
        """Whether one more run fits the budget; one that could not end in time is not begun, but for the very first."""
        if self.budget.spent(self.finished + running, self.seconds) >= 1:
            return False
        left = math.inf if self.budget.seconds is None else self.budget.seconds - self.seconds
        return left > NEEDED_SHARE * self.facts["trial_seconds"] or self.finished + running == 0

    def next_ticket(self, running: int) -> Ticket:
        """Ask for a run and say how large it is."""
        asked: Asked = self.questions.ask(self.budget.spent(self.finished + running, self.seconds))
        return Ticket(asked.number, asked.pipeline, asked.repeat, self.facts["rows"], self.facts["epochs"])

    def beat(self) -> None:
        """Keep the lease and the time spent."""
        self.lease.beat(self.seconds)

    def take(self, event: Reported | Ended) -> None:
        """Answer a report, or store an end and tell it."""
        if isinstance(event, Reported):
            self.curves.setdefault(event.number, []).append((event.step, event.value))
            hopeless = self.questions.report(event.number, event.step, event.value)
            event.reply(hopeless or (self.is_spent() and self.best is not None))
            return
        outcome = self._outcome(event, self.questions.asked[event.number])
        self.store.add(self.name, outcome)
        self.questions.tell(outcome)
        self.finished += 1
        self._say(outcome, event.seconds)

    def _outcome(self, event: Ended, asked: Asked) -> Outcome:
        if event.status == "done":
            return Outcome(event.number, asked.pipeline, asked.repeat, environment=self.environment, **event.result)
        status = "timeout" if event.status == "timeout" else "failed"
        curve, cost = tuple(self.curves.get(event.number, ())), {"train_seconds": event.seconds}
        return Outcome(
            event.number, asked.pipeline, asked.repeat, status, curve=curve, cost=cost, environment=self.environment, error=event.error
        )

    def _say(self, outcome: Outcome, seconds: float) -> None:
        if outcome.error:
            self.failed_first += self.finished == self.failed_first + 1
            self.screen.line(f"trial {outcome.number:>3}  {outcome.status}: {outcome.error.splitlines()[0]}")
            if self.failed_first >= HOPELESS_START:
                raise RuntimeError(f"the first {HOPELESS_START} trials all failed; the last one:\n{outcome.error}")
            return
        if outcome.status == "complete" and outcome.score is not None and (self.best is None or outcome.score > self.best):
            self.best = outcome.score
        what = "repeat" if outcome.seed else outcome.status
        left = self._left()
        best = f"best {self.best:.4f}" if self.best is not None else ""
        self.screen.line(
            f"trial {outcome.number:>3}  {what:<8} {outcome.score:.4f}  {best}  {short(seconds)}  {left} "
            f" {_terms(outcome.pipeline)}"
        )

    def _left(self) -> str:
        parts = []
        if self.budget.trials is not None:
            parts.append(f"{self.finished} of {self.budget.trials}")
        if self.budget.seconds is not None:
            parts.append(f"{short(max(0.0, self.budget.seconds - self.seconds))} left")
        return ", ".join(parts)


def _begin(store: Store, prepared: Prepared, budget: Budget, workers: int, name: str, screen: Screen) -> Mapping[str, Any]:
    """Register the study; how large its trials are is decided once, when it is new."""
    store.begin(prepared.study, {}, name=name)
    if "rows" in (facts := store.facts(name)):
        done, spent = len(store.record(name).finished), store.spent_seconds(name)
        screen.line(f"study     {name} in {storage_label(store.url)}: going on after {done} runs and {short(spent)}")
        return facts
    size = trial_size(prepared.data, prepared.space.sample(_defaults(prepared)), seconds=budget.seconds, workers=workers)
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
    store.note_dataset(prepared.task.fingerprint, {"name": prepared.task.name, "labels": list(prepared.task.label_names)})
    about = {"name": prepared.teacher.name, "score": prepared.teacher_score, "dataset": prepared.task.fingerprint}
    store.note_teacher(prepared.teacher.key, about)
    screen.line(f"study     {name} in {storage_label(store.url)}: new")
    screen.line(f"trials    {size.rows:,} rows, up to {size.epochs} epochs, about {short(size.seconds)} each on one of {workers} workers")
    return facts


def _defaults(prepared: Prepared) -> Callable[[str, Any], Any]:
    values = prepared.space.default_values()
    return lambda name, _: values[name]


def storage_label(url: str) -> str:
    """The database for people: a file's name, or a URL without its password."""
    from sqlalchemy.engine import make_url

    parsed = make_url(url)
    return parsed.database or "memory" if parsed.drivername.startswith("sqlite") else parsed.render_as_string(hide_password=True)


def environment() -> dict[str, str]:
    """Versions and machine, for the record."""
    libraries = ("torch", "lightning", "optuna", "transformers", "kd-autodistill")
    here = {"python": platform.python_version(), "machine": platform.machine(), "system": sys.platform}
    return {n: version(n) for n in libraries} | here


def _terms(pipeline: Pipeline) -> str:
    return " + ".join(f"{t.weight:.2g} {t.loss}" for t in pipeline.terms)


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
