"""A long search: milliseconds of a trial by part, statements and memory, as its study grows.

Sampler, early stopping, promotion, repeats, baselines and SQLite are those of a search; the runs
have planted results and cost nothing.
"""

import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

import psutil
import sqlalchemy as sa

from autodistill.runtime.workers import Ended, Reported
from autodistill.search.ask_tell import AskTell
from autodistill.search.session import SearchSession
from autodistill.search.spend import spend
from autodistill.storage import Store
from autodistill.study import spaces
from autodistill.study.rules import Conditions
from autodistill.study.space import Space
from autodistill.study.study import Budget
from autodistill.training.trial import TrialSpec
from benchmarks.materials import scratch_folder
from benchmarks.past import NAME, SELECTION_ROWS, fill
from benchmarks.planted import PlantedPool, Truth, student_cost
from benchmarks.search_ties import better_by
from benchmarks.sittings import Quiet

PARTS = ("ask", "report", "store", "tell")
WINDOW = 200
"""Trials before a size of which the figures are taken."""
ROUND = (0.0,) * 9 + (0.5,) * 6 + (0.9,) * 5
"""Shares of the budget spent, in turn.

So first runs, longer ones and repeats alternate, as many of each as a search has in all.
"""
TRUTH = Truth(better_by(0.45), 0, SELECTION_ROWS)
Say = Callable[[str], None]


@dataclass(frozen=True)
class Rounds(Budget):
    """A budget of trials, and of more time than they take, that begins anew every few trials."""

    def spent(self, trials: int, seconds: float) -> float:
        """The share for the next run; 1 when the trials are used up."""
        return 1.0 if trials >= (self.trials or 0) else ROUND[trials % len(ROUND)]


class Times:
    """Milliseconds of the latest trials, by part, and those of the processor."""

    def __init__(self) -> None:
        self.open: defaultdict[int | None, dict[str, float]] = defaultdict(self._nothing)
        """By number of a trial; None: whether one may begin."""
        self.ended: deque[tuple[str, dict[str, float]]] = deque(maxlen=WINDOW)
        """Kind of run, and its parts."""

    def of(self, owner: Any, name: str, part: str, number: Callable[..., int | None]) -> None:
        """Time this method; `number` says of its result and arguments which trial it is about."""
        method = getattr(owner, name)

        def call(*given: Any) -> Any:
            begin, computed = time.perf_counter(), time.process_time()
            found = method(*given)
            parts = self.open[number(found, *given)]
            parts[part] += 1000 * (time.perf_counter() - begin)
            parts["cpu"] += 1000 * (time.process_time() - computed)
            return found

        setattr(owner, name, call)

    def end(self, number: int, kind: str) -> None:
        """A trial has ended and was told."""
        self.ended.append((kind, self.open.pop(number)))

    def medians(self) -> dict[str, float]:
        """Milliseconds of a trial, by part and by kind of run."""
        totals: defaultdict[str, list[float]] = defaultdict(list)
        for kind, parts in self.ended:
            for name in ("ms", f"{kind}_ms"):
                totals[name].append(sum(parts[part] for part in PARTS))
            for name in (*PARTS, "cpu"):
                totals[f"{name}_ms"].append(parts[name])
        return {name: median(spans) for name, spans in totals.items()}

    @staticmethod
    def _nothing() -> dict[str, float]:
        return dict.fromkeys((*PARTS, "cpu"), 0.0)


def growth(
    sizes: tuple[int, ...], *, filled: int, space: str, limits: bool, say: Say
) -> dict[str, Any]:
    """Figures of a search at each of these numbers of trials.

    `filled` trials are there when it begins, written at once.
    """
    fitted = spaces.space(space).fit(Conditions(classes=2))
    with scratch_folder() as folder:
        store = Store(str(folder / "measured.db"))
        fill(store, fitted, filled)
        found = search(store, fitted, sizes, {"params": 2e7} if limits else {}, say)
        store.close()
    return found


def search(
    store: Store, space: Space, sizes: tuple[int, ...], limits: dict[str, float], say: Say
) -> dict[str, Any]:
    """Go on with the study until it has the largest of these numbers of trials."""
    times, found, left, kinds = Times(), dict[str, Any](), sorted(sizes), dict[int, str]()
    questions, finished = asked_of(store, space)
    database: Any = questions.storage
    begin = time.perf_counter()

    class Watched(SearchSession):
        """A session that notes its figures at each size."""

        def next_ticket(self, *given: Any) -> TrialSpec:
            ticket = super().next_ticket(*given)
            asked = self.questions.asked[ticket.number]
            kinds[ticket.number] = (
                "repeat" if asked.repeat else "longer" if asked.level else "first"
            )
            for part, spent in times.open.pop(None).items():
                times.open[ticket.number][part] += spent
            return ticket

        def take(self, event: Reported | Ended) -> None:
            super().take(event)
            if isinstance(event, Ended):
                times.end(event.number, kinds.pop(event.number))
                count["trials"] += 1
                if left and self.finished >= left[0]:
                    seen = figures(self, times, count)
                    found.update({f"{k}_at_{left[0]}": v for k, v in seen.items()})
                    minutes = (time.perf_counter() - begin) / 60
                    say(f"at {left.pop(0):,} trials, after {minutes:.1f} min: {line(seen)}")

    with (
        store.claim(NAME) as lease,
        counted({"optuna": database.engine, "ours": store.database.engine}) as count,
    ):
        given = (store, questions, lease, Rounds(trials=max(sizes), seconds=1e9), NAME)
        sitting = Watched(*given, store.facts(NAME), Quiet(), finished, student_cost, limits)
        times.of(sitting, "may_start", "ask", lambda *_: None)
        times.of(questions, "ask", "ask", lambda asked, *_: asked.number)
        times.of(questions, "note_cost", "ask", lambda _, number, *__: number)
        times.of(questions, "report", "report", lambda _, number, *__: number)
        times.of(store, "add", "store", lambda _, __, outcome: outcome.number)
        times.of(questions, "tell", "tell", lambda _, outcome: outcome.number)
        spend(sitting, PlantedPool(TRUTH), lambda: False)
    return found


def asked_of(store: Store, space: Space) -> tuple[AskTell, int]:
    """A sitting's questions, and how many trials have ended."""
    history = store.record(NAME)
    questions = AskTell(NAME, space, store.url, seed=0, history=history, top=1)
    return questions, len(history.finished)


def figures(sitting: SearchSession, times: Times, count: Counter[str]) -> dict[str, float]:
    """Milliseconds of a trial and of the lines on a terminal, MB, statements of a trial."""
    begin = time.perf_counter()
    sitting.view.lines()
    drawn = {"lines_ms": 1000 * (time.perf_counter() - begin)}
    trials = count.pop("trials")
    statements = {name: n / trials for name, n in sorted(count.items())}
    count.clear()
    return times.medians() | drawn | {"mb": psutil.Process().memory_info().rss / 1e6} | statements


def line(seen: dict[str, float]) -> str:
    """Figures for people."""
    return ", ".join(f"{name} {value:.1f}" for name, value in seen.items())


@contextmanager
def counted(engines: dict[str, sa.Engine]) -> Iterator[Counter[str]]:
    """A context that counts statements and commits of these engines by name."""
    count: Counter[str] = Counter()
    hooks: list[tuple[sa.Engine, str, Any]] = []
    for name, engine in engines.items():
        hooks.append(
            (
                engine,
                "before_cursor_execute",
                lambda *_, name=name: count.update([f"{name}_statements"]),
            )
        )
        hooks.append((engine, "commit", lambda *_, name=name: count.update([f"{name}_commits"])))
    for engine, event, hook in hooks:
        sa.event.listen(engine, event, hook)
    try:
        yield count
    finally:
        for engine, event, hook in hooks:
            sa.event.remove(engine, event, hook)
