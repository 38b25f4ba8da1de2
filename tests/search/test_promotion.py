"""Promotion: the best short runs again, four times as long, then repeats of that length."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from autodistill.search.ask_tell import AskTell
from autodistill.search.cost import Plan
from autodistill.search.promotion import ROOM, Promotion, highest_level, planned_runs, room
from autodistill.study.facts import StudyFacts
from autodistill.study.results import StudyResult, Trial
from autodistill.study.study import Budget, Study
from tests.search.sittings import COST, ended, make, questions

FACTS = StudyFacts(rows=1000, epochs=1, trial_seconds=10.0, train_rows=3000)


def run(now: AskTell, spent: float, score: float = 0.5, status: str = "complete") -> Trial:
    """One run from ask to tell, of the length that it was asked for."""
    asked = now.ask(spent)
    assert now.note_cost(asked.number, COST, {}) == []
    rows, epochs = now.promotion.size(asked.level)
    done = ended(asked, score, status, size={"rows": rows, "epochs": epochs})
    now.tell(replace(done, error="broken" if status == "failed" else ""))
    return done


def explore(now: AskTell, count: int = 16) -> list[Trial]:
    """Short runs, each better than the one before."""
    return [run(now, 0.1, 0.5 + 0.01 * n) for n in range(count)]


def record(*known: Trial) -> StudyResult:
    """These runs in a study of these facts."""
    return StudyResult(Study("a.csv"), known, facts=FACTS)


def visits(done: Trial) -> int:
    """Rows that it saw, all passes together."""
    return done.fidelity["rows"] * done.fidelity["epochs"]


def test_the_student_alone_the_default_recipe_and_three_leaders_are_promoted_first(
    url: str,
) -> None:
    now = questions(url, facts=FACTS, top=1)
    short = explore(now)

    longer = [run(now, 0.5) for _ in range(5)]

    recipes = sorted((o for o in short if not o.baseline), key=lambda o: -(o.score or 0))
    assert longer[0].baseline == "alone"
    assert longer[1].pipeline == short[0].pipeline
    assert [o.pipeline.key for o in longer[2:]] == [o.pipeline.key for o in recipes[:3]]
    assert {visits(o) for o in short} == {1000}
    assert {visits(o) for o in longer} == {4000}
    assert longer[0].fidelity == {"rows": 2000, "epochs": 2}


def test_nothing_is_promoted_before_its_time_nor_where_the_budget_has_no_room(url: str) -> None:
    now = questions(url, facts=FACTS, top=1)
    explore(now)

    assert visits(run(now, 0.44)) == 1000
    now.promotion = Promotion(FACTS, 0, 0.25)
    assert visits(run(now, 0.5)) == 1000


def test_an_answer_compares_longer_runs_once_the_leaders_and_the_student_alone_have_them(
    url: str,
) -> None:
    now = questions(url, facts=FACTS, top=1)
    short = explore(now)

    longer = [run(now, 0.5, 0.4) for _ in range(4)]

    assert record(*short, *longer[:3]).level == 0
    after = record(*short, *longer)
    assert after.level == 1
    assert {n for group in after.leaders() for n in group.numbers} == {
        o.number for o in longer if not o.baseline
    }
    assert after.best == max(o.score or 0 for o in short)
    assert len(after.explored) == len(short)


def test_longer_runs_stay_compared_when_shorter_ones_come_later(url: str) -> None:
    now = questions(url, facts=FACTS, top=1)
    known = [*explore(now), *(run(now, 0.5, 0.4) for _ in range(5))]

    known += [run(now, 0.1, 0.99) for _ in range(5)]

    assert record(*known).level == 1


def test_repeats_are_of_the_longest_length_that_is_compared(url: str) -> None:
    now = questions(url, facts=FACTS, top=1)
    explore(now)
    for n in range(8):
        run(now, 0.5, 0.6 + 0.01 * n)

    repeats = [run(now, 0.8, 0.6) for _ in range(8)]

    assert {visits(o) for o in repeats} == {4000}
    assert {o.seed for o in repeats if not o.baseline} == {1, 2}
    assert Counter(o.baseline for o in repeats)["alone"] >= 2


def test_a_longer_run_is_never_stopped_early_nor_a_peer_of_shorter_ones(url: str) -> None:
    now = questions(url, facts=FACTS, top=1)
    explore(now)
    asked = now.ask(0.5)
    now.note_cost(asked.number, COST, {})

    assert not any(now.report(asked.number, step, 0.0) for step in (1, 2, 4))
    assert not now.study.get_trials()[asked.number].intermediate_values


def test_a_longer_run_that_fails_is_not_promoted_again_and_keeps_nothing_waiting(
    url: str,
) -> None:
    now = questions(url, facts=FACTS, top=1)
    known = explore(now)
    known += [run(now, 0.5), run(now, 0.5, status="failed")]

    now = questions(url, *known, facts=FACTS, top=1)
    known += [run(now, 0.5) for _ in range(3)]

    assert len({o.pipeline.key for o in known[-4:]}) == 4
    assert record(*known).level == 1


def test_a_longer_run_that_is_lost_is_asked_again_at_its_length(url: str) -> None:
    before = questions(url, facts=FACTS, top=1)
    known = explore(before)
    lost = before.ask(0.5)

    now = questions(url, *known, facts=FACTS, top=1)
    again = run(now, 0.5)

    assert (again.pipeline, again.baseline, again.seed) == (lost.pipeline, lost.baseline, 0)
    assert visits(again) == 4000
    assert now.next_run(0.5)[0] == 1


def test_what_was_begun_is_finished_when_the_time_of_the_repeats_has_come(url: str) -> None:
    now = questions(url, facts=FACTS, top=1)
    known = explore(now)
    known.append(run(now, 0.74))

    known += [run(now, 0.8) for _ in range(4)]

    assert [visits(o) for o in known[-4:]] == [4000] * 4
    assert not any(o.seed for o in known)


def test_a_study_of_older_versions_goes_on_with_its_one_length(url: str) -> None:
    now = questions(url)
    made = [make(now, 0.1, 0.5 + 0.01 * n) for n in range(8)]

    again = [make(now, 0.8) for _ in range(4)]

    assert all(o.seed or o.baseline for o in again)
    assert StudyResult(Study("a.csv"), (*made, *again)).level == 0


@pytest.mark.parametrize("spent", [0.5, 0.8])
def test_runs_that_were_made_elsewhere_are_promoted_and_repeated_themselves(
    url: str, tmp_path: Path, spent: float
) -> None:
    known = explore(questions(url, facts=FACTS, top=1))

    now = questions(f"sqlite:///{tmp_path / 'other.db'}", *known, facts=FACTS, top=1)
    again = [run(now, spent) for _ in range(4)]

    recipes = {o.pipeline.key for o in known if not o.baseline}
    assert {o.pipeline.key for o in again if not o.baseline} <= recipes


def test_an_old_study_with_a_larger_budget_promotes_its_leaders(url: str) -> None:
    before = questions(url, facts=FACTS)
    known = explore(before)

    now = questions(url, *known, facts=FACTS, top=1)

    assert visits(run(now, 0.5)) == 4000


@pytest.mark.parametrize(
    ("seconds", "level"), [(100.0, 0), (460.0, 0), (480.0, 1), (1800.0, 1), (1920.0, 2), (1e6, 2)]
)
def test_a_level_needs_room_for_24_of_its_runs_and_is_no_longer_than_the_full_training(
    seconds: float, level: int
) -> None:
    # 24 runs of 40 s on two workers are 480 s; the full training sees 10 * 3,000 rows, level 2
    # 16,000, level 3 64,000; of 300 rows the full training sees 6,000
    assert ROOM == 24
    assert highest_level(FACTS, Budget(seconds=seconds), 2) == level
    assert highest_level(replace(FACTS, train_rows=300), Budget(seconds=seconds), 2) == min(
        1, level
    )


def test_no_run_is_promoted_without_a_clock_or_where_repeats_take_most_of_the_time() -> None:
    assert highest_level(FACTS, Budget(trials=1000), 2) == 0
    assert highest_level(FACTS, Budget(seconds=1e4, closing_share=0.9), 2) == 0
    assert room(0.1) == 40  # four repeats at least


def test_planned_runs_fill_the_budget(url: str) -> None:
    # 960 s on one worker hold 24 runs of 40 s: seven promoted, six repeats; the other 432 s hold
    # four short runs of 10 s and more that take three quarters each
    every, promoted, repeats = planned_runs(Budget(seconds=960.0), 10.0, 1, 1)

    assert (promoted, repeats) == (7, 6)
    assert 50 < every - promoted - repeats < 58
    assert planned_runs(Budget(seconds=960.0), 10.0, 1, 0)[1] == 0
    assert Plan.__dataclass_fields__["promoted"].default == 0
