"""Cost of storage per trial, on a SQLite file that already holds many trials.

Ask, sample, store and tell.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

import sqlalchemy as sa

from autodistill.search.ask_tell import AskTell
from autodistill.storage import Store
from autodistill.study import spaces
from autodistill.study.rules import Conditions
from autodistill.study.space import Space
from benchmarks.materials import scratch_folder
from benchmarks.past import COST, NAME, ended, fill

PARTS = ("ask", "report", "store", "tell")


def storage(
    sizes: tuple[int, ...], *, trials: int, space: str, limits: bool, say: Callable[[str], None]
) -> dict[str, Any]:
    """Median milliseconds of one more trial by part, with statements and commits.

    For each number of finished trials.
    """
    found: dict[str, Any] = {}
    fitted = spaces.space(space).fit(Conditions(classes=2))
    for size in sizes:
        with scratch_folder() as folder:
            begin = time.perf_counter()
            store = Store(str(folder / "measured.db"))
            fill(store, fitted, size)
            say(f"{size:,} trials written in {time.perf_counter() - begin:.0f} s")
            found |= {
                f"{name}_at_{size}": value
                for name, value in measure(store, fitted, trials, limits).items()
            }
            say(
                f"at {size:,} trials: "
                + ", ".join(
                    f"{n} {found[f'{n}_at_{size}']:.1f}"
                    for n in ("ms", *(f"{p}_ms" for p in PARTS))
                )
            )
            store.close()
    return found


def measure(store: Store, space: Space, trials: int, limits: bool) -> dict[str, float]:
    """Time this many trials, with the calls that the loop makes for each."""
    draw = random.Random(1)
    questions = AskTell(NAME, space, store.url, seed=0, history=store.record(NAME))
    database: Any = questions.storage
    engines = {"optuna": database.engine, "ours": store.database.engine}
    parts: dict[str, list[float]] = {name: [] for name in PARTS}

    def timed(name: str, begin: float) -> None:
        parts[name].append(1000 * (time.perf_counter() - begin))

    with counted(engines) as count:
        for _ in range(trials):
            begin = time.perf_counter()
            asked = questions.ask(0.1)
            questions.note_cost(asked.number, COST, {"params": 2e7} if limits else {})
            timed("ask", begin)
            outcome = ended(asked.number, asked.pipeline, draw, asked.repeat, asked.baseline)
            begin = time.perf_counter()
            for step, value in outcome.curve:
                questions.report(asked.number, step, value)
            timed("report", begin)
            begin = time.perf_counter()
            store.add(NAME, outcome)
            timed("store", begin)
            begin = time.perf_counter()
            questions.tell(outcome)
            timed("tell", begin)
    totals = [sum(spans) for spans in zip(*parts.values())]
    medians = {f"{name}_ms": median(spans) for name, spans in parts.items()}
    return {
        "ms": median(totals),
        "ms_highest": max(totals),
        **medians,
        **{k: n / trials for k, n in sorted(count.items())},
    }


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
