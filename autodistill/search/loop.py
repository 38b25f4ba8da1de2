"""The product in one screen: prepare, ask, run, store, tell; then the answer."""

import math
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from autodistill.errors import Interrupted
from autodistill.prepare.setup import Looked, look
from autodistill.prepare.teacher_tuning import PRELOAD
from autodistill.prepare.views import Views
from autodistill.prepare.workspace import Prepared, median_length, prepare
from autodistill.recommend.recommend import Sources, suggest
from autodistill.runtime.progress import Screen
from autodistill.runtime.settings import trial_threads
from autodistill.runtime.workers import Ended, LocalWorkers, Reported
from autodistill.screening import selection
from autodistill.search.ask_tell import AskTell
from autodistill.search.forecast import Forecast, forecast, lines
from autodistill.search.session import SearchSession
from autodistill.search.start import begin, go_on, is_known
from autodistill.storage import Store
from autodistill.study.facts import StudyFacts
from autodistill.study.pipeline import Part, Pipeline
from autodistill.study.results import StudyResult
from autodistill.study.space import Space
from autodistill.study.study import Budget, Study
from autodistill.training.latency import Costs
from autodistill.training.trial import TrialSpec, run_trial

STUDENTS_SHARE = 0.3
"""Of a budget, spent on the choice of students where they are chosen first."""
HINTED_RUNS = 20
"""Of a study, from which on past studies are asked."""
SCORING_SHARE = 0.3
"""Of the time for that choice, spent on proxies."""


@dataclass(frozen=True)
class Found:
    """What a search leaves behind."""

    prepared: Prepared
    record: StudyResult


def search(
    study: Study,
    budget: Budget,
    *,
    storage: str,
    workers: int,
    data_root: Path | None,
    name: str,
    screen: Screen,
    past: bool = False,
) -> Found:
    """Spend the budget on a study, new or resumed, with recipes that `past` studies suggest; raises Interrupted after Ctrl-C."""
    looked = look(study, screen, data_root)
    foreseen = (
        None if looked.recorded() or study.students else foresee(looked, budget, workers, screen)
    )
    prepared = prepare(looked, screen)
    at = At(looked, Store(storage), workers, screen, past)
    name = name or prepared.study.name
    if study.students == "auto":
        chosen, left = choose_students(at, prepared, budget, name)
        at, prepared, budget = (
            replace(at, looked=replace(looked, space=chosen)),
            replace(prepared, space=chosen),
            left,
        )
    return Found(
        prepared,
        _each(at, prepared, budget, name)
        if study.students == "each"
        else sit(at, prepared, budget, name, foreseen),
    )


@dataclass(frozen=True)
class At:
    """Where a search happens."""

    looked: Looked
    store: Store
    workers: int
    screen: Screen
    past: bool = False
    """Let past studies suggest recipes to a new study."""

    def hints(
        self, prepared: Prepared, budget: Budget, name: str, facts: StudyFacts
    ) -> Sequence[Mapping[str, Any]]:
        """What past studies suggest, asked once for a study."""
        study, runs = prepared.study, budget.trials or (facts.plan or {}).get("runs", 0)
        if (
            facts.hints is not None
            or not self.past
            or study.front
            or study.survey
            or study.students == "each"
            or runs < HINTED_RUNS
        ):
            return facts.hints or ()
        found = suggest(prepared, Sources(storage=self.store.url, leave_out=name), self.screen)
        self.store.update_facts(name, {"hints": found})
        return found

    def facts(
        self, prepared: Prepared, budget: Budget, name: str, foreseen: Forecast | None = None
    ) -> StudyFacts:
        """Of the study, begun now or before."""
        if is_known(self.store, name):
            return go_on(self.store, prepared, name, self.screen)
        known = foreseen or foresee(
            self.looked, budget, self.workers, self.screen, prepared.teacher_score
        )
        return begin(self.store, prepared, known.size, name, self.screen, known.plan.to_dict())


def choose_students(at: At, prepared: Prepared, budget: Budget, name: str) -> tuple[Space, Budget]:
    """The space with the students that a short training of each has left, chosen once for a study, and what is left of the budget."""
    name = f"{name}-students"
    known = at.store.facts(name) if is_known(at.store, name) else StudyFacts()
    if known.survivors is None:
        each = replace(prepared, study=replace(prepared.study, students="each"))
        looked = replace(at.looked, study=replace(at.looked.study, students="each"))
        record = _each(replace(at, looked=looked), each, budget.share(STUDENTS_SHARE), name)
        found = selection.survivors(record)
        at.store.update_facts(name, {"survivors": [p.to_dict() for p in found]})
        known = at.store.facts(name)
    students = tuple(Part.from_dict(p) for p in known.survivors or ())
    at.screen.line(f"students  {len(students)} go on: {', '.join(map(str, students))}")
    record = at.store.record(name)
    return replace(prepared.space, students=students), budget.less(
        len(record.finished), record.spent_seconds
    )


def _each(at: At, prepared: Prepared, budget: Budget, name: str) -> StudyResult:
    """Score the students of the space, train them briefly in the order in which they are likely; proxies are audited on the way."""
    facts = at.facts(prepared, budget, name)
    if facts.students is None:
        entries = selection.score_students(
            prepared, at.screen, SCORING_SHARE * (budget.seconds or math.inf)
        )
        at.store.update_facts(name, {"students": [e.to_dict() for e in entries]})
    while True:
        record = at.store.record(name)
        if record.facts.switched_off is None and (found := selection.audit(record)):
            at.store.update_facts(name, {"switched_off": selection.switched_off(found)})
            record = at.store.record(name)
            for line in selection.lines(record):
                at.screen.line(line)
        listed = selection.listed(record, prepared.space)
        allowed = replace(
            budget, trials=min(len(listed), budget.trials or len(listed)), closing_share=0.0
        )
        after = sit(at, prepared, allowed, name, listed=listed)
        if (
            len(after.outcomes) == len(record.outcomes)
            or budget.spent(len(after.finished), after.spent_seconds) >= 1
        ):
            return after


def sit(
    at: At,
    prepared: Prepared,
    budget: Budget,
    name: str,
    foreseen: Forecast | None = None,
    listed: Sequence[Pipeline] = (),
) -> StudyResult:
    """Ask, run, store, tell; `listed` are pipelines that are to run, in this order, in a study that samples none."""
    store, study, screen = at.store, prepared.study, at.screen
    facts = store.facts(name) if listed else at.facts(prepared, budget, name, foreseen)
    with store.claim(name) as lease, _interrupts() as interrupted:
        history = store.record(name)
        asked = (name, prepared.space, store.url)
        hints = () if listed else at.hints(prepared, budget, name, facts)
        questions = AskTell(
            *asked,
            seed=study.seed,
            history=history,
            closing_share=budget.closing_share,
            hints=hints,
        )
        questions.enlist(listed)
        costs = Costs(
            prepared.data,
            median_length(prepared.data.shards["full"]),
            facts,
            partial(store.update_facts, name),
        )
        views = Views(prepared, screen)
        sitting = SearchSession(
            store,
            questions,
            lease,
            budget,
            name,
            facts,
            screen,
            len(history.finished),
            costs,
            study.limits,
            views,
        )
        if sitting.is_spent() and not listed:
            screen.line(
                f"study     {name}: the budget is spent; give a larger --trials or --budget to go on"
            )
        spend(
            sitting,
            LocalWorkers(
                partial(run_trial, threads=trial_threads()),
                prepared.data,
                workers=at.workers,
                preload=PRELOAD,
            ),
            interrupted,
        )
        if hints and questions.past_was_dropped():
            store.update_facts(name, {"past_dropped": True})
            screen.line(
                "past      what past studies suggest did worse than the study's own runs at the first look: no more of it was tried"
            )
        if interrupted():
            raise Interrupted(name)
    return store.record(name)


def foresee(
    looked: Looked, budget: Budget, workers: int, screen: Screen, *known: float
) -> Forecast:
    """Plan, and say what the search will cost and can show."""
    foreseen = forecast(looked, budget, workers, *known)
    for line in lines(foreseen.plan, compares=looked.study.students != "each"):
        screen.line(line)
    return foreseen


class Pool(Protocol):
    """Where runs happen; `scale.local.LocalWorkers` is one."""

    live: dict[Any, Any]

    @property
    def free(self) -> int: ...
    def start(self, ticket: TrialSpec, timeout_seconds: float) -> None: ...
    def wait(self, seconds: float) -> Sequence[Reported | Ended]: ...
    def stop(self) -> Sequence[int]: ...


def spend(sitting: SearchSession, pool: Pool, interrupted: Callable[[], bool]) -> None:
    """Ask, run, store, tell until the budget is spent; what still runs at the end is put back."""

    def serve(seconds: float) -> None:
        for event in pool.wait(seconds):
            sitting.take(event)
        sitting.beat()

    def meanwhile() -> None:
        serve(0.0)
        if interrupted():
            raise Interrupted(sitting.name)

    try:
        while (pool.live or sitting.may_start(0)) and not interrupted():
            while pool.free and sitting.may_start(len(pool.live)):
                ticket = sitting.next_ticket(len(pool.live), meanwhile)
                pool.start(
                    ticket,
                    timeout_seconds=(sitting.facts.timeout_seconds or 0.0)
                    * (1 + len(ticket.views)),
                )
            serve(0.5)
            if sitting.is_overdue():
                break
    finally:
        for number in pool.stop():
            sitting.questions.put_back(number)
        sitting.beat()


@contextmanager
def _interrupts() -> Iterator[Callable[[], bool]]:
    """Ctrl-C and SIGTERM raise a flag; a second one ends at once. In a thread, signals are not ours to take."""
    seen: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return

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
