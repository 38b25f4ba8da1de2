"""Controls, limits, repeats and the front, asked and told on a real Optuna study."""

from pathlib import Path

import pytest
from optuna.trial import TrialState

from autodistill.record import CONTROLS, Outcome, Record
from autodistill.search.questions import Asked, Questions
from autodistill.space import read_space
from autodistill.study import Study

SPACE = read_space(Path(__file__).parents[2] / "search_spaces" / "quick.toml")
COST = {"params": 5e6, "size_bytes": 2e7, "latency_ms": 3.0}


@pytest.fixture
def url(tmp_path: Path) -> str:
    """An empty database."""
    return f"sqlite:///{tmp_path / 'q.db'}"


def questions(url: str, *known: Outcome, front: bool = False) -> Questions:
    """A new sitting of one study."""
    return Questions("s", SPACE, url, seed=0, history=Record(Study("a.csv"), known), front=front)


def ended(asked: Asked, score: float, status: str = "complete") -> Outcome:
    """How a run ended."""
    curve = ((1, score), (2, score), (4, score))
    return Outcome(asked.number, asked.pipeline, asked.repeat, status, score, curve=curve, cost=COST, control=asked.control)


def make(now: Questions, spent: float, score: float = 0.8) -> Outcome:
    """One run from ask to tell."""
    asked = now.ask(spent)
    assert now.note_cost(asked.number, COST, {}) == []
    outcome = ended(asked, score)
    now.tell(outcome)
    return outcome


def test_the_default_recipe_comes_first_and_its_controls_next(url: str) -> None:
    now = questions(url)

    made = [make(now, 0.1) for _ in range(5)]

    assert [o.control for o in made] == ["", *CONTROLS, ""]
    assert {str(o.pipeline.student) for o in made[:4]} == {str(made[0].pipeline.student)}


def test_a_new_sitting_asks_no_control_twice_and_puts_back_what_was_open(url: str) -> None:
    before = questions(url)
    done = [make(before, 0.1), make(before, 0.1)]
    cut_off = before.ask(0.1)
    assert (done[1].control, cut_off.control) == ("alone", "vanilla")

    now = questions(url, *done)
    made = [make(now, 0.1) for _ in range(3)]

    assert sorted(o.control for o in made) == ["", "random", "vanilla"]
    assert {o.seed for o in made} == {0}
    assert [t for t in now.study.get_trials() if t.state in (TrialState.RUNNING, TrialState.WAITING)] == []


def test_a_student_over_a_limit_is_turned_away_and_the_controls_take_the_first_that_fits(url: str) -> None:
    now = questions(url)
    large = now.ask(0.1)

    assert now.note_cost(large.number, {**COST, "params": 9e6}, {"params": 8e6, "size_bytes": 9e7}) == ["params"]
    now.tell(Outcome(large.number, large.pipeline, 0, "rejected", cost=COST, error="over the limit"))
    fits = now.ask(0.1)

    assert fits.control == ""
    assert now.note_cost(fits.number, COST, {"params": 8e6, "size_bytes": 9e7}) == []
    assert [now.ask(0.1).control for _ in CONTROLS] == list(CONTROLS)
    assert now.study.get_trials()[0].state == TrialState.PRUNED


def test_the_closing_share_repeats_leaders_and_the_student_alone_with_fresh_seeds(url: str) -> None:
    now = questions(url)
    first = [make(now, 0.1, 0.5 + 0.01 * n) for n in range(8)]

    closing = [make(now, 0.8, 0.6) for _ in range(4)]

    assert all(o.seed > 0 or o.control == "alone" for o in closing)
    assert {o.pipeline.key for o in closing if not o.control} <= {o.pipeline.key for o in first if not o.control}
    assert "alone" in {o.control for o in closing}


def test_repeats_and_controls_are_never_stopped_early(url: str) -> None:
    now = questions(url)
    for _ in range(12):
        make(now, 0.1, 0.9)
    repeat = now.ask(0.8)
    now.note_cost(repeat.number, COST, {})

    assert repeat.repeat or repeat.control
    assert not now.report(repeat.number, 1, 0.0)


def test_a_hopeless_run_is_stopped_and_a_good_one_is_not(url: str) -> None:
    now = questions(url)
    for _ in range(12):
        asked = now.ask(0.1)
        now.note_cost(asked.number, COST, {})
        for step in (1, 2, 4):
            now.report(asked.number, step, 0.9)
        now.tell(ended(asked, 0.9))
    bad, good = now.ask(0.1), now.ask(0.1)
    for asked in (bad, good):
        now.note_cost(asked.number, COST, {})

    assert now.report(bad.number, 1, 0.1)
    assert not now.report(good.number, 1, 0.99)


def test_the_front_keeps_three_values_a_run_and_goes_on_after_a_break(url: str) -> None:
    before = questions(url, front=True)
    done = [make(before, 0.1) for _ in range(5)]

    now = questions(url, *done, front=True)
    make(now, 0.1)

    assert len(now.study.directions) == 3
    assert [len(t.values or ()) for t in now.study.get_trials()] == [3] * 6
