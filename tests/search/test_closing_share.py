"""The closing share of a budget: leaders and baselines again with fresh seeds."""

from collections import Counter
from dataclasses import replace

import pytest

from autodistill.search.ask_tell import AskTell
from autodistill.search.asked import Asked
from autodistill.search.ended_runs import EndedRuns
from autodistill.study.results import BASELINES, Trial
from tests.search.sittings import COST, OLD, ended, make, questions


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
    now.runs = EndedRuns(OLD, [replace(o, score=0.9) if o in two.values() else o for o in made])

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
