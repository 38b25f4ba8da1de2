"""Sums that are kept up to date equal those over all runs that have ended."""

import random
from collections import defaultdict
from dataclasses import replace
from statistics import fmean

import pytest

from autodistill.search.ended_runs import EndedRuns
from autodistill.search.repeats import JUDGED_ANEW, Leaders
from autodistill.study.facts import StudyFacts
from autodistill.study.lengths import compared_level
from autodistill.study.pipeline import Part
from autodistill.study.results import Trial
from tests.records import outcome

FACTS = StudyFacts(rows=40, epochs=2, trial_seconds=10.0, train_rows=400, teacher_params=5_000_000)


def history(seed: int, count: int = 120) -> list[Trial]:
    """Runs of twenty recipes and their baselines, of two lengths, in any order of seeds."""
    draw = random.Random(seed)
    found = []
    for number in range(count):
        which = draw.randrange(20)
        run = outcome(which, round(draw.uniform(0.5, 0.9), 2))
        found.append(
            replace(
                run,
                number=number,
                seed=draw.randrange(5),
                status=draw.choice(("complete", "complete", "stopped", "failed")),
                baseline=draw.choice(("", "", "", "alone", "random")),
                fidelity={"rows": 40, "epochs": draw.choice((2, 2, 2, 8))},
                cost={**run.cost, "params": 1e5 * (1 + which)},
                predictions=b"\1\0",
            )
        )
    return found


def best_of(runs: list[Trial], most: int) -> list[Trial]:
    """The rule of decisions/0009, by one pass over all runs."""
    own: dict[str, list[Trial]] = defaultdict(list)
    for run in sorted(runs, key=lambda o: o.seed):
        if run.status == "complete" and not run.baseline:
            own[run.pipeline.key].append(run)
    scores = {key: [run.score or 0.0 for run in each] for key, each in own.items()}
    fresh = {k: fmean(each[1:]) for k, each in scores.items() if len(each) > JUDGED_ANEW}
    luck = fmean(scores[key][0] - mean for key, mean in fresh.items()) if fresh else 0.0
    expected = {k: each[0] for k, each in scores.items()} | {k: m + luck for k, m in fresh.items()}
    return [own[key][0] for key in sorted(own, key=lambda key: -expected[key])[:most]]


@pytest.mark.parametrize("seed", range(5))
def test_after_every_run_those_lead_who_lead_by_all_runs(seed: int) -> None:
    runs, leaders = history(seed), Leaders()

    for count, run in enumerate(runs, 1):
        leaders.add(run)
        assert leaders.best(9) == best_of(runs[:count], 9)


@pytest.mark.parametrize("seed", range(5))
def test_each_length_has_its_leaders_its_baselines_and_its_first_run(seed: int) -> None:
    runs = [replace(run, predictions=b"") for run in history(seed)]

    ended = EndedRuns(FACTS, runs)

    assert ended.tried.compared == compared_level(runs, FACTS)
    for level, epochs in ((0, 2), (1, 8)):
        own = [run for run in runs if run.fidelity["epochs"] == epochs]
        complete = [run for run in own if run.status == "complete"]
        here = ended.levels[level]
        assert here.leaders.best(20) == best_of(own, 20)
        assert here.first == next(run for run in own if not run.baseline)
        assert here.baselines["alone"] == next(o for o in complete if o.baseline == "alone")
        for most, leaders in here.small:
            assert leaders.best(20) == best_of([o for o in own if o.cost["params"] <= most], 20)
    assert [most for most, _ in ended.levels[0].small] == [5e5, 2e6]


def test_the_best_the_student_alone_and_the_counts_are_those_of_all_runs() -> None:
    runs = history(7)
    complete = [run for run in runs if run.status == "complete"]

    ended = EndedRuns(FACTS, runs)

    recipes = [run for run in complete if not run.baseline]
    assert ended.best == replace(max(recipes, key=lambda o: o.score or 0), predictions=b"")
    assert ended.alone == max(o.score or 0 for o in complete if o.baseline == "alone")
    assert dict(ended.statuses) == {
        status: sum(run.status == status for run in runs)
        for status in ("complete", "stopped", "failed")
    }
    assert set(ended.students) == {(o.cost["params"], o.score) for o in recipes}
    assert ended.has_result


def test_a_student_takes_the_mean_of_its_own_short_runs_on_this_device() -> None:
    first = outcome(0, 0.5)
    other = replace(first.pipeline, student=Part("cut", {"keep": 0.25}))
    runs = [
        first,
        replace(first, number=1, cost={}),
        replace(first, number=2, cost={"train_seconds": 99.0}, environment={"device": "card"}),
        replace(first, number=3, cost={"train_seconds": 99.0}, fidelity={"rows": 40, "epochs": 8}),
        replace(first, number=4, cost={"train_seconds": 99.0}, pipeline=other),
    ]

    ended = EndedRuns(FACTS, runs)

    assert ended.seconds_of(first.pipeline.student, None, 10.0) == (3.0 + 10.0) / 2
    assert ended.seconds_of(Part("cut", {"keep": 0.75}), None, 10.0) == 10.0
    assert ended.seconds_of(None, None, 10.0) == 10.0


def test_predictions_of_runs_are_not_kept_in_memory() -> None:
    ended = EndedRuns(FACTS, history(0))

    kept = [*ended.levels[0].leaders.first.values(), *ended.levels[0].baselines.values()]
    assert kept
    assert not any(run.predictions for run in [*kept, ended.best, ended.levels[0].first] if run)
