"""Reports to a real Optuna study: limits, early stops, the front, a survey."""

import pytest

from autodistill.search.ask_tell import AskTell
from autodistill.search.early_stopping import FIRST_LOOK
from autodistill.search.objective import Front
from autodistill.study.facts import StudyFacts
from autodistill.study.results import BASELINES, StudyResult, Trial
from autodistill.study.student_networks import with_networks
from autodistill.study.study import Study
from tests.search.sittings import COST, SPACE, ended, make, questions


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


@pytest.mark.parametrize("front", [False, True])
def test_a_run_is_judged_at_the_first_look_of_its_study_and_not_before(
    url: str, front: bool
) -> None:
    now = questions(url, facts=StudyFacts(first_look=FIRST_LOOK), front=front)
    for n in range(12):
        asked = now.ask(0.1)
        now.note_cost(asked.number, COST, {})
        for step in (1, 2, 4):
            now.report(asked.number, step, 0.9 - 0.001 * n)
        now.tell(ended(asked, 0.9))
    bad = now.ask(0.1)
    now.note_cost(bad.number, COST, {})

    early, late = (now.report(bad.number, step, 0.1) for step in (1, FIRST_LOOK))

    assert (early, late) == (False, True)


def test_the_front_keeps_three_values_a_run_and_goes_on_after_a_break(url: str) -> None:
    before = questions(url, front=True)
    done = [make(before, 0.1) for _ in range(5)]

    now = questions(url, *done, front=True)
    make(now, 0.1)

    assert len(now.study.directions) == 3
    assert [len(t.values or ()) for t in now.study.get_trials()] == [3] * 6


def test_a_run_stopped_behind_the_front_tells_its_own_values_and_a_new_sitting_has_the_same_rungs(
    url: str,
) -> None:
    before = questions(url, front=True)
    made = []
    for n in range(12):
        asked, score = before.ask(0.1), 0.9 - 0.02 * n
        before.note_cost(asked.number, COST, {})
        status, rungs = "complete", 0
        for step in (1, 2, 4):
            rungs += 1
            if before.report(asked.number, step, score):
                status = "stopped"
                break
        made.append(ended(asked, score, status, rungs))
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

    assert now.runs.statuses["rejected"] == 10
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


def test_a_run_that_is_killed_keeps_its_values_and_is_known_as_a_second_try(url: str) -> None:
    now = questions(url)
    first = now.ask(0.0)

    now.put_back(first.number, killed=True)
    again = now.ask(0.0)

    assert (again.pipeline, again.repeat) == (first.pipeline, 0)
    assert now.was_killed(again.number)
    assert not now.was_killed(first.number)


def test_every_network_that_is_named_is_trained_with_the_teacher_and_alone(url: str) -> None:
    space = with_networks(SPACE, ("one", "two"))
    now = AskTell(
        "s", space, url, seed=0, history=StudyResult(Study("a.csv"), (), facts=StudyFacts())
    )

    made = [make(now, 0.1) for _ in range(8)]

    networks = [run.pipeline.student.knobs.get("network") for run in made]
    kinds = [run.baseline for run in made]
    assert networks[:6] == [None, "one", "two", "two", "one", None]
    assert kinds == ["", "", "", "alone", "alone", "alone", "vanilla", "random"]
