"""When a search asks for the default recipe and for its baselines.

Each comes once, and again when it was cut off.
"""

from collections import Counter

from optuna.trial import TrialState

from autodistill.study.results import BASELINES, Trial
from tests.search.sittings import COST, ended, make, questions


def test_the_default_recipe_comes_first_and_its_controls_next(url: str) -> None:
    now = questions(url)

    made = [make(now, 0.1) for _ in range(5)]

    assert [o.baseline for o in made] == ["", *BASELINES, ""]
    assert {str(o.pipeline.student) for o in made[:4]} == {str(made[0].pipeline.student)}


def test_a_new_sitting_asks_no_control_twice_and_puts_back_what_was_open(url: str) -> None:
    before = questions(url)
    done = [make(before, 0.1), make(before, 0.1)]
    cut_off = before.ask(0.1)
    assert (done[1].baseline, cut_off.baseline) == ("alone", "vanilla")

    now = questions(url, *done)
    made = [make(now, 0.1) for _ in range(3)]

    assert sorted(o.baseline for o in made) == ["", "random", "vanilla"]
    assert {o.seed for o in made} == {0}
    assert [
        t for t in now.study.get_trials() if t.state in (TrialState.RUNNING, TrialState.WAITING)
    ] == []


def test_a_student_over_a_limit_is_turned_away_and_the_controls_take_the_first_that_fits(
    url: str,
) -> None:
    now = questions(url)
    large = now.ask(0.1)

    assert now.note_cost(
        large.number, {**COST, "params": 9e6}, {"params": 8e6, "size_bytes": 9e7}
    ) == ["params"]
    now.tell(Trial(large.number, large.pipeline, 0, "rejected", cost=COST, error="over the limit"))
    fits = now.ask(0.1)

    assert fits.baseline == ""
    assert now.note_cost(fits.number, COST, {"params": 8e6, "size_bytes": 9e7}) == []
    assert [now.ask(0.1).baseline for _ in BASELINES] == list(BASELINES)
    assert now.study.get_trials()[0].state == TrialState.PRUNED


def test_a_control_that_the_clock_cut_off_runs_again_and_is_asked_first(url: str) -> None:
    before = questions(url)
    default, control = make(before, 0.1), before.ask(0.9)
    before.note_cost(control.number, COST, {})
    cut_off = ended(control, 0.5, "stopped")  # as older versions stored it
    before.tell(cut_off)

    now = questions(url, default, cut_off)
    asked = [now.ask(0.1) for _ in BASELINES]

    assert sorted(a.baseline for a in asked) == sorted(BASELINES)
    assert {a.repeat for a in asked} == {0}
    assert not questions(url, default, cut_off, ended(asked[-1], 0.6)).missing


def test_a_control_that_ran_again_does_not_run_a_third_time(url: str) -> None:
    before = questions(url)
    done = [make(before, 0.1)]
    control = before.ask(0.9)
    done.append(ended(control, 0.5, "stopped"))
    before.tell(done[-1])
    middle = questions(url, *done)
    done += [make(middle, 0.1) for _ in BASELINES]

    now = questions(url, *done)

    assert Counter(o.baseline for o in done if o.status == "complete") == {
        "": 1,
        **dict.fromkeys(BASELINES, 1),
    }
    assert now.ask(0.1).baseline == ""
