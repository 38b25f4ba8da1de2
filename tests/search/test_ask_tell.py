"""Controls, limits, repeats and the front, asked and told on a real Optuna study."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from optuna.trial import TrialState

from autodistill.search.ask_tell import AskTell
from autodistill.search.asked import Asked
from autodistill.search.objective import Front
from autodistill.study.results import BASELINES, StudyResult, Trial
from autodistill.study.space_file import read_space
from autodistill.study.study import Study
from tests.paths import ROOT

SPACE = read_space(ROOT / "search_spaces" / "quick.toml")
COST = {"params": 5e6, "size_bytes": 2e7, "latency_ms": 3.0}


@pytest.fixture
def url(tmp_path: Path) -> str:
    """An empty database."""
    return f"sqlite:///{tmp_path / 'q.db'}"


def questions(url: str, *known: Trial, closing_share: float = 0.25, **kind: Any) -> AskTell:
    """A new sitting of one study."""
    return AskTell(
        "s",
        SPACE,
        url,
        seed=0,
        history=StudyResult(Study("a.csv", **kind), known),
        closing_share=closing_share,
    )


def ended(asked: Asked, score: float, status: str = "complete") -> Trial:
    """How a run ended."""
    curve = ((1, score), (2, score), (4, score))
    return Trial(
        asked.number,
        asked.pipeline,
        asked.repeat,
        status,
        score,
        curve=curve,
        cost=COST,
        baseline=asked.baseline,
    )


def make(now: AskTell, spent: float, score: float = 0.8) -> Trial:
    """One run from ask to tell."""
    asked = now.ask(spent)
    assert now.note_cost(asked.number, COST, {}) == []
    outcome = ended(asked, score)
    now.tell(outcome)
    return outcome


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


def test_the_closing_share_repeats_leaders_and_the_student_alone_with_fresh_seeds(url: str) -> None:
    now = questions(url)
    first = [make(now, 0.1, 0.5 + 0.01 * n) for n in range(8)]

    closing = [make(now, 0.8, 0.6) for _ in range(4)]

    assert all(o.seed > 0 or o.baseline == "alone" for o in closing)
    assert {o.pipeline.key for o in closing if not o.baseline} <= {
        o.pipeline.key for o in first if not o.baseline
    }
    assert "alone" in {o.baseline for o in closing}


@pytest.mark.parametrize(
    ("share", "before", "after"), [(0.25, 0.74, 0.76), (0.5, 0.49, 0.51), (0.1, 0.89, 0.91)]
)
def test_the_closing_share_can_be_set(url: str, share: float, before: float, after: float) -> None:
    now = questions(url, closing_share=share)
    for n in range(6):
        make(now, 0.0, 0.5 + 0.01 * n)

    early, late = make(now, before), make(now, after)

    assert (early.seed, early.baseline) == (0, "")
    assert late.seed or late.baseline


def test_the_closing_share_gives_three_leaders_and_one_control_two_fresh_seeds_each(
    url: str,
) -> None:
    now = questions(url)
    made = [make(now, 0.1, 0.9 - 0.01 * n) for n in range(12)]
    student = made[0].pipeline.student
    made = [o for o in made if not o.baseline]

    closing = [
        make(now, 0.8, 0.5 + 0.01 * (n % 3)) for n in range(12)
    ]  # each far below the first runs
    runs = Counter(o.pipeline.key for o in closing if not o.baseline and o.seed <= 2)

    assert set(runs) == {o.pipeline.key for o in sorted(made, key=lambda o: -(o.score or 0))[:3]}
    assert set(runs.values()) == {2}
    alone_of = Counter(
        o.pipeline.key for o in closing if o.baseline and o.pipeline.student == student
    )
    assert len(alone_of) == 1  # all its seeds go to one and the same


def test_every_student_among_the_leaders_gets_a_control_of_its_own(url: str) -> None:
    now = questions(url)
    made = [make(now, 0.1, 0.6) for _ in range(16)]
    two = {str(o.pipeline.student): o for o in made if not o.baseline}
    assert len(two) == 2  # embeddings frozen or trained
    for best in two.values():
        now.outcomes[now.outcomes.index(best)] = replace(best, score=0.9)

    closing = [make(now, 0.8, 0.6) for _ in range(8)]

    assert {str(o.pipeline.student) for o in closing if o.baseline == "alone"} == set(two)


def test_repeats_and_controls_are_never_stopped_early(url: str) -> None:
    now = questions(url)
    for _ in range(12):
        make(now, 0.1, 0.9)
    repeat = now.ask(0.8)
    now.note_cost(repeat.number, COST, {})

    assert repeat.repeat or repeat.baseline
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


def all_repeats_open(now: AskTell) -> tuple[list[Trial], list[Asked]]:
    """One leader and its controls, ended; and four runs of the closing share under way."""
    ended_runs = [make(now, 0.1, 0.9), *(make(now, 0.1, 0.5) for _ in BASELINES)]
    return ended_runs, [now.ask(0.8) for _ in range(4)]


def most_alike(made: list[Trial]) -> int:
    """How often the most frequent run was made."""
    return max(Counter((o.pipeline.key, o.baseline, o.seed) for o in made).values())


def test_no_seed_runs_twice_when_an_earlier_repeat_is_lost_with_its_coordinator(url: str) -> None:
    before = questions(url)
    made, open_runs = all_repeats_open(before)
    last = next(a for a in reversed(open_runs) if not a.baseline)
    made.append(ended(last, 0.8))
    before.tell(made[-1])

    now = questions(url, *made)
    made += [make(now, 0.8) for _ in range(5)]

    assert last.repeat > 1
    assert most_alike(made) == 1


def test_no_seed_runs_twice_when_an_earlier_repeat_is_put_back(url: str) -> None:
    now = questions(url)
    made, open_runs = all_repeats_open(now)
    lost = next(a for a in open_runs if not a.baseline)
    now.put_back(lost.number)
    for asked in open_runs:
        if asked is not lost:
            made.append(ended(asked, 0.8))
            now.tell(made[-1])

    made += [make(now, 0.8) for _ in range(3)]

    assert most_alike(made) == 1


def test_a_run_stopped_behind_the_front_tells_its_own_values_and_a_new_sitting_has_the_same_rungs(
    url: str,
) -> None:
    before = questions(url, front=True)
    made = []
    for n in range(12):
        asked, score = before.ask(0.1), 0.9 - 0.02 * n
        before.note_cost(asked.number, COST, {})
        curve: tuple[tuple[int, float], ...] = ()
        status = "complete"
        for step in (1, 2, 4):
            curve += ((step, score),)
            if before.report(asked.number, step, score):
                status = "stopped"
                break
        made.append(
            Trial(
                asked.number,
                asked.pipeline,
                asked.repeat,
                status,
                score,
                curve=curve,
                cost=COST,
                baseline=asked.baseline,
            )
        )
        before.tell(made[-1])
    stopped = next(o for o in made if o.status == "stopped")

    now = questions(url, *made, front=True)

    assert before.study.get_trials()[stopped.number].values == [
        stopped.score,
        COST["latency_ms"],
        COST["size_bytes"],
    ]
    assert isinstance(now.objective, Front)
    assert isinstance(before.objective, Front)
    assert now.objective.halving.rungs == before.objective.halving.rungs


@pytest.mark.parametrize("front", [False, True])
def test_a_search_goes_on_when_a_third_of_its_students_is_turned_away(
    url: str, front: bool
) -> None:
    now = questions(url, front=front)
    for n in range(30):
        asked = now.ask(0.1)
        if now.note_cost(
            asked.number, {**COST, "params": 9e6 if n % 3 == 0 else 5e6}, {"params": 8e6}
        ):
            now.tell(
                Trial(
                    asked.number,
                    asked.pipeline,
                    asked.repeat,
                    "rejected",
                    cost=COST,
                    error="over",
                    baseline=asked.baseline,
                )
            )
        else:
            now.tell(ended(asked, 0.8))

    assert [o.status for o in now.outcomes].count("rejected") == 10
    assert not now.open


def test_a_survey_stops_and_repeats_nothing(url: str) -> None:
    now = questions(url, survey=True)

    made = []
    for spent in (0.1, 0.2, 0.3, 0.4, 0.5, 0.99):
        asked = now.ask(spent)
        assert now.note_cost(asked.number, COST, {}) == []
        assert not any(
            now.report(asked.number, step, 0.9 - 0.1 * asked.number) for step in (1, 2, 4)
        )
        now.tell(ended(asked, 0.9 - 0.1 * asked.number))
        made.append(asked)

    assert all(a.repeat == 0 for a in made if not a.baseline)
    assert sum(bool(a.baseline) for a in made) == len(BASELINES)


@pytest.mark.parametrize(
    ("front", "names"), [(False, ["accuracy"]), (True, ["accuracy", "latency_ms", "size_bytes"])]
)
def test_what_is_made_large_has_a_name_on_the_dashboard(
    url: str, front: bool, names: list[str]
) -> None:
    record = StudyResult(Study("a.csv", metric="accuracy", front=front))

    assert AskTell("s", SPACE, url, seed=0, history=record).study.metric_names == names


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


def test_a_run_that_is_killed_keeps_its_values_and_is_known_as_a_second_try(url: str) -> None:
    now = questions(url)
    first = now.ask(0.0)

    now.put_back(first.number, killed=True)
    again = now.ask(0.0)

    assert (again.pipeline, again.repeat) == (first.pipeline, 0)
    assert now.was_killed(again.number)
    assert not now.was_killed(first.number)
