"""A search over views and mixup with real workers, and a run of what it found."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from autodistill.errors import Interrupted
from autodistill.runtime.workers import Ended
from autodistill.search.clock import SearchClock
from autodistill.search.spend import spend, timeout_of
from autodistill.study.facts import StudyFacts
from autodistill.training.trial import TrialSpec
from tests.commands import run_cli
from tests.records import pipeline
from tests.screens import Heard

SPACE = """
[student.cut]
keep = [0.5]
[hard.ce]
[logit.kl]
[feature.none]
[feature.mse]
[mapping.skip]
[optimizer.adamw]
lr = 1e-3
[augmentation.random_swap]
rate = [0.3]
views = [2]
[mixup.embedding]
"""


@pytest.fixture
def searched(folder: Path, reviews: Path, teacher: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The output of a search of a few trials.

    Every trial has views and mixup, but for the baselines.
    """
    monkeypatch.setenv("AUTODISTILL_HOME", str(folder / "home"))
    (folder / "treated.toml").write_text(SPACE, encoding="utf-8")
    words = [
        "--dataset",
        reviews,
        "--teacher",
        teacher,
        "--space",
        "treated.toml",
        "--trials",
        3,
        "--workers",
        1,
    ]

    ran = run_cli("search", *words)

    assert ran.code == 0, ran.err
    return ran.err + ran.out


@pytest.mark.slow
def test_a_search_makes_the_views_once_trains_on_them_and_its_recipe_runs(
    searched: str, folder: Path
) -> None:
    assert searched.count("views     random_swap, rate 0.3, view 1: asked about 320 rows") == 1
    assert searched.count("views     random_swap, rate 0.3, view 2: asked about 320 rows") == 1
    assert "failed" not in searched
    assert ", random_swap(rate=0.3, views=2), embedding(" in searched
    recipe = (folder / "recipe.toml").read_text(encoding="utf-8")
    pipeline = tomllib.loads(recipe)["pipeline"]
    if "augmentation" not in pipeline:  # the student alone was recommended
        treated = (
            '[pipeline.augmentation]\nname = "random_swap"\nrate = 0.3\n'
            'views = 2\n\n[pipeline.mixup]\nname = "embedding"\n\n'
        )
        (folder / "recipe.toml").write_text(
            recipe.replace("[evidence]", f"{treated}[evidence]"), encoding="utf-8"
        )

    ran = run_cli("run", "recipe.toml", "--out", "student")

    assert ran.code == 0, ran.err
    assert (
        ran.err.count("0 teacher rows computed, 320 read from disk, 8 re-computed as a check") == 3
    )
    assert "views random_swap(rate=0.3, views=2) · mixup embedding" in ran.err
    assert (
        json.loads((folder / "student" / "metrics.json").read_text(encoding="utf-8"))[
            "student_test"
        ]
        > 0.7
    )


class Pool:
    """One worker that ends each run at once."""

    def __init__(self) -> None:
        self.live: dict[Any, Any] = {}
        self.timeouts: list[float] = []

    @property
    def running(self) -> int:
        return len(self.live)

    @property
    def free(self) -> int:
        return 1 - len(self.live)

    def start(self, ticket: TrialSpec, timeout_seconds: float) -> None:
        self.live[ticket.number] = ticket
        self.timeouts.append(timeout_seconds)

    def wait(self, seconds: float) -> list[Ended]:
        ended = [Ended(n, "done", {}, "", 1.0) for n in self.live]
        self.live.clear()
        return ended

    def stop(self) -> list[int]:
        return list(self.live)


class View:
    """Remembers which runs were shown."""

    def __init__(self) -> None:
        self.begun: list[int] = []

    def begin(self, number: int) -> None:
        self.begun.append(number)

    def brief(self) -> str:
        return ""


class SearchSession:
    """Three runs, the second with two views; making them takes a while."""

    name = "s"

    facts = StudyFacts(timeout_seconds=100.0)

    def __init__(self) -> None:
        self.asked = 0
        self.taken: list[int] = []
        self.beats = 0
        self.clock = SearchClock()
        self.screen = Heard()
        self.view = View()
        self.closed = False

    def may_start(self, running: int) -> bool:
        return self.asked < 3

    def next_ticket(self, running: int, meanwhile: Any) -> TrialSpec:
        self.asked += 1
        views: Any = ("one", "two") if self.asked == 2 else ()
        if views:
            meanwhile()
        return TrialSpec(self.asked, pipeline(), 0, 8, 1, views=views)

    def take(self, event: Ended) -> None:
        self.taken.append(event.number)

    def beat(self) -> None:
        self.beats += 1

    def is_overdue(self) -> bool:
        return False

    def close(self) -> None:
        self.closed = True


def test_a_run_with_views_has_as_much_more_time() -> None:
    sitting: Any = SearchSession()
    pool = Pool()

    spend(sitting, pool, lambda: False)

    assert pool.timeouts == [100, 300, 100]
    assert sitting.taken == sitting.view.begun == [1, 2, 3]
    assert sitting.closed


def test_a_run_four_times_as_long_has_four_times_the_time() -> None:
    facts = StudyFacts(rows=8, epochs=1, timeout_seconds=100.0)

    short, long = (timeout_of(TrialSpec(0, pipeline(), 0, rows, 2), facts) for rows in (4, 16))

    assert (short, long) == (100.0, 400.0)


def test_an_interruption_while_views_are_made_ends_the_search_at_once() -> None:
    sitting: Any = SearchSession()

    with pytest.raises(Interrupted):
        spend(sitting, Pool(), lambda: sitting.asked == 2)

    assert sitting.taken == [1]
