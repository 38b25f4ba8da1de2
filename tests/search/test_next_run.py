"""The choice of the next run while not every run can end in time."""

from dataclasses import replace

import pytest

from autodistill.search.ask_tell import AskTell
from autodistill.search.ended_runs import EndedRuns
from autodistill.search.promotion import Fits
from autodistill.study.pipeline import Part, Pipeline
from autodistill.study.results import Trial
from tests.search.sittings import OLD, make, questions


def searched(url: str) -> tuple[AskTell, Part, Part]:
    """A search of two students that both lead; the second one scores higher."""
    now = questions(url)
    made = [make(now, 0.1, 0.6) for _ in range(16)]
    two = {str(o.pipeline.student): o for o in made if not o.baseline}
    assert len(two) == 2
    quick, slow = two.values()
    scores = {quick.number: 0.8, slow.number: 0.9}
    now.runs = EndedRuns(OLD, [replace(o, score=scores.get(o.number, 0.1)) for o in made])
    return now, quick.pipeline.student, slow.pipeline.student


def within(student: Part) -> Fits:
    """Only runs of this student can end in time."""
    return lambda _, asked: asked is not None and str(asked) == str(student)


def closing(now: AskTell, spent: float, fits: Fits) -> list[Trial]:
    """Six runs that follow each other."""
    return [make(now, spent, 0.5, fits) for _ in range(6)]


def test_a_leader_that_could_not_end_in_time_leaves_its_repeat_to_a_quick_one(url: str) -> None:
    now, quick, _ = searched(url)

    made = closing(now, 0.8, within(quick))

    assert {str(o.pipeline.student) for o in made} == {str(quick)}
    assert {o.baseline for o in made} == {"", "alone"}
    assert all(o.seed or o.baseline for o in made)


def test_where_no_new_run_could_end_in_time_quick_leaders_are_repeated_early(url: str) -> None:
    now, quick, _ = searched(url)
    assert now.next_run(0.5)[1] is None  # a new one

    level, student = now.next_run(0.5, within(quick))

    assert level == 0
    assert student is not None
    assert str(student) == str(quick)


def test_where_nothing_could_end_in_time_the_next_run_says_so(url: str) -> None:
    now, _, slow = searched(url)

    assert str(now.next_run(0.8, lambda *_: False)[1]) == str(slow)


def of_leader(now: AskTell, student: Part) -> Pipeline:
    """The leading recipe with this student."""
    best = now.runs.levels[0].leaders.best()
    return next(o.pipeline for o in best if o.pipeline.student == student)


def test_what_waits_and_could_not_end_in_time_waits_on_and_is_not_lost(url: str) -> None:
    now, quick, slow = searched(url)
    now.enlist([of_leader(now, slow)])

    made = closing(now, 0.8, within(quick))
    later = now.ask(0.8)

    assert {str(o.pipeline.student) for o in made} == {str(quick)}
    assert later.pipeline == of_leader(now, slow)
    assert later.number < made[0].number


@pytest.mark.parametrize("spent", [0.1, 0.8])
def test_where_time_does_not_matter_what_waits_comes_in_its_order(url: str, spent: float) -> None:
    now, quick, slow = searched(url)
    asked = [of_leader(now, slow), of_leader(now, quick), of_leader(now, slow)]
    now.enlist(asked)

    assert [now.ask(spent).pipeline for _ in range(3)] == asked
