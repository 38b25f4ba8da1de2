"""One sitting of a search, with no process and no training.

What a budget allows, what is stored, what is said.
"""

from dataclasses import replace
from typing import Any

import pytest

from autodistill.errors import SpecError
from autodistill.runtime.workers import Ended, Reported
from autodistill.search.asked import Asked
from autodistill.study.facts import StudyFacts
from autodistill.study.results import FAILED
from autodistill.study.study import Budget
from tests.records import outcome, pipeline
from tests.search.fake_sittings import done, sitting, stopped


def test_runs_under_way_count_against_a_budget_of_trials() -> None:
    two_of_four = sitting(Budget(trials=4), outcome(0, 0.9), outcome(1, 0.8))

    assert two_of_four.may_start(1)
    assert not two_of_four.may_start(2)


def test_a_run_that_cannot_end_in_time_is_not_begun() -> None:
    # 10 s expected, 8 s needed: begun with 9 s left, not with 5 s
    assert sitting(Budget(seconds=100), outcome(0, 0.9), spent=91).may_start(0)
    assert not sitting(Budget(seconds=100), outcome(0, 0.9), spent=95).may_start(0)


def test_seconds_of_runs_on_another_device_say_nothing_about_this_one() -> None:
    def starts(device: str) -> bool:
        known = replace(outcome(0, 0.9), environment={"device": "cuda A"} if device else {})
        now: Any = sitting(Budget(seconds=100), known, spent=95)
        now.questions.student = known.pipeline.student
        now.environment = {"device": device}
        return bool(now.may_start(0))

    # that run took 3 s; 10 s are expected of one on another card, and 5 s are left
    assert starts("cuda A")
    assert not starts("cuda B")


def test_the_first_run_is_begun_and_ended_however_small_the_budget() -> None:
    answers: list[bool] = []
    first = sitting(Budget(seconds=1), spent=0.5)
    assert first.may_start(0)
    late = sitting(Budget(seconds=1), spent=50)

    late.take(Reported(0, 1, 0.5, answers.append))

    assert not late.is_overdue()
    assert answers == [False]


def test_when_time_is_up_runs_are_stopped_at_their_next_report() -> None:
    answers: list[bool] = []
    late: Any = sitting(Budget(seconds=10), outcome(0, 0.9), spent=11)

    late.take(Reported(1, 1, 0.5, answers.append))
    late.take(stopped(1))

    assert answers == [True]
    assert late.questions.put == [(1, False)]  # a larger budget runs it again
    assert late.store.added == []
    assert sitting(
        Budget(seconds=10), outcome(0, 0.9), spent=17
    ).is_overdue()  # ten per cent and five seconds later


def test_a_run_is_stored_before_the_sampler_hears_of_it() -> None:
    now: Any = sitting(Budget(trials=2))
    order: list[str] = []
    now.store.add = lambda *_: order.append("store")
    now.questions.tell = lambda *_: order.append("tell")

    now.take(done(0))

    assert order == ["store", "tell"]
    assert now.finished == 1


@pytest.mark.parametrize("status", sorted(FAILED))
def test_a_run_that_broke_costs_one_run_and_keeps_its_error(status: str) -> None:
    now: Any = sitting(Budget(trials=3), outcome(0, 0.9))
    now.questions.tries = {1}

    now.take(Ended(1, status, {}, "the worker process was killed, perhaps out of memory", 3.0))

    assert now.store.added[0].status == status
    assert "out of memory" in now.store.added[0].error
    assert now.questions.told == [1]
    assert "out of memory" in now.screen.lines[0]


def test_a_run_that_is_killed_from_outside_is_run_again_and_costs_no_trial() -> None:
    now: Any = sitting(Budget(trials=3), outcome(0, 0.9))

    now.take(Ended(1, "killed", {}, "the worker process was killed with SIGKILL", 3.0))

    assert now.questions.put == [(1, True)]
    assert (now.store.added, now.finished) == ([], 1)
    assert "it is run again" in now.screen.lines[0]


def test_a_run_whose_worker_left_is_put_back_without_blame_however_often() -> None:
    now: Any = sitting(Budget(trials=3), outcome(0, 0.9))
    now.questions.tries = {1}

    now.take(Ended(1, "lost", None, "its worker (a, process 3) left", 3.0))

    assert now.questions.put == [(1, False)]
    assert (now.store.added, now.finished) == ([], 1)
    assert now.screen.lines == ["trial   1  put back: its worker (a, process 3) left"]


def test_a_run_of_a_student_that_took_little_time_is_begun_late() -> None:
    quick = replace(outcome(0, 0.9), cost={"train_seconds": 2.0})
    known, other = (sitting(Budget(seconds=60), quick, spent=57) for _ in range(2))
    known.questions.student = quick.pipeline.student  # type: ignore[attr-defined]

    assert known.may_start(0)  # 3 of 60 seconds are left; a trial is expected to take ten
    assert not other.may_start(0)


def test_while_nothing_is_complete_one_run_is_always_under_way() -> None:
    killed_before = sitting(Budget(seconds=10), spent=50)
    failed_before = sitting(Budget(seconds=10), outcome(0, 0.0, "failed"), spent=50)
    shuffled = sitting(Budget(seconds=10), replace(outcome(0, 0.9), baseline="random"), spent=50)

    assert killed_before.may_start(0)
    assert failed_before.may_start(0)
    assert shuffled.may_start(0)  # its student is nothing to recommend
    assert not killed_before.may_start(1)
    assert not sitting(Budget(trials=1), outcome(0, 0.0, "failed")).may_start(0)


def test_failures_of_earlier_sessions_count_towards_the_end_with_an_error() -> None:
    failed = [outcome(n, 0.0, "failed") for n in range(2)]
    now: Any = sitting(Budget(seconds=10), *failed)

    with pytest.raises(RuntimeError, match="no such thing"):
        now.take(Ended(2, "failed", {}, "ValueError: no such thing", 1.0))


def test_seconds_of_runs_that_never_end_are_not_kept() -> None:
    now: Any = sitting(Budget(seconds=100), outcome(0, 0.9), spent=20)
    now.clock.began -= 30

    now.beat()
    killed = now.lease.spent
    now.take(done(1))
    now.beat()

    assert killed == 20
    assert now.lease.spent == pytest.approx(50, abs=1)


def test_a_search_whose_first_three_runs_fail_ends_with_the_error() -> None:
    now: Any = sitting(Budget(trials=9))
    broken = Ended(0, "failed", {}, "ValueError: no such thing", 1.0)

    now.take(broken)
    now.take(replace(broken, number=1))

    with pytest.raises(RuntimeError, match="no such thing"):
        now.take(replace(broken, number=2))


def test_when_nothing_keeps_the_limits_the_search_says_so_and_nothing_is_counted() -> None:
    now: Any = sitting(Budget(trials=4))
    now.limits = {"params": 0.5}
    now.facts = StudyFacts(rows=8, epochs=1, trial_seconds=1.0)
    now.questions.ask = lambda *_: Asked(0, pipeline(), 0)
    now.questions.note_cost = lambda *_: ["params"]

    with pytest.raises(
        SpecError, match=r"60 students in a row are over the limits \(params 0\.5\).*Raise --limit"
    ):
        now.next_ticket(0)

    assert [o.status for o in now.store.added] == ["rejected"] * 60
    assert now.finished == 0


def test_a_trial_spec_carries_views_and_tutor_and_others_are_served_meanwhile() -> None:
    now: Any = sitting(Budget(trials=4))
    now.facts = StudyFacts(rows=8, epochs=1, trial_seconds=1.0)
    now.questions.ask = lambda *_: Asked(0, pipeline(), 0)
    now.questions.note_cost = lambda *_: []
    served: list[str] = []

    class TrainingInputs:
        def __call__(self, asked: Any, meanwhile: Any) -> tuple[str, ...]:
            meanwhile()
            return (f"view of {asked.student.name}",)

        def tutored(self, asked: Any, meanwhile: Any) -> str:
            meanwhile()
            return f"tutor of {asked.student.name}"

    now.views = TrainingInputs()

    ticket = now.next_ticket(0, lambda: served.append("served"))

    assert (ticket.views, ticket.tutored) == (("view of cut",), "tutor of cut")
    assert served == ["served"] * 2


def test_a_longer_run_begins_only_where_it_could_end_in_time() -> None:
    # 10 s are expected of a short run, 40 s of a longer one; 30 s are left, 8 s and 32 s needed
    now = sitting(Budget(seconds=100), outcome(0, 0.9), spent=70)
    questions: Any = now.questions

    short = now.may_start(0)
    questions.level = 1

    assert short
    assert not now.may_start(0)
