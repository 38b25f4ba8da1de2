"""Which leaders get fresh seeds."""

from collections import Counter
from dataclasses import replace

from autodistill.search.repeats import Leaders, next_repeat
from autodistill.study.pipeline import Part, Pipeline
from autodistill.study.results import Trial
from tests.records import outcome


def runs(number: int, *scores: float) -> list[Trial]:
    """One pipeline: its first run, then its repeats."""
    first = outcome(number, scores[0])
    return [
        replace(first, number=number + 100 * seed, seed=seed, score=score)
        for seed, score in enumerate(scores)
    ]


def places(*groups: list[Trial]) -> list[int]:
    """The numbers of the leaders."""
    return [o.number for o in Leaders(o for g in groups for o in g).best()]


def test_the_three_best_first_runs_lead() -> None:
    assert places(runs(1, 0.80), runs(2, 0.90), runs(3, 0.70), runs(4, 0.85)) == [2, 4, 1]


def test_a_leader_keeps_its_place_after_one_bad_fresh_seed() -> None:
    assert places(runs(1, 0.90, 0.60), runs(2, 0.89), runs(3, 0.88), runs(4, 0.87)) == [1, 2, 3]


def test_after_two_bad_fresh_seeds_the_next_one_takes_its_place() -> None:
    # luck is (0.90 - 0.60 + 0.89 - 0.87) / 2 = 0.16,
    # so the first is expected at 0.76 and the second at 1.03
    assert places(
        runs(1, 0.90, 0.60, 0.60), runs(2, 0.89, 0.87, 0.87), runs(3, 0.88), runs(4, 0.87)
    ) == [2, 3, 4]


def test_leaders_that_all_fall_by_their_luck_keep_their_places() -> None:
    # each first run flattered by 0.05: no reason to believe in a fourth one that was not repeated
    assert places(
        *(runs(n, s, s - 0.05, s - 0.05) for n, s in ((1, 0.90), (2, 0.89), (3, 0.88))),
        runs(4, 0.87),
    ) == [1, 2, 3]


def test_every_leader_gets_the_student_alone_with_its_own_views() -> None:
    views = {"augmentation": Part("random_swap", {"rate": 0.1, "views": 1})}
    plain, taught = outcome(1, 0.90), outcome(2, 0.89)
    taught = replace(taught, pipeline=taught.pipeline.with_stages(**views))
    counts = Counter({(plain.pipeline.key, ""): 2, (taught.pipeline.key, ""): 2})
    asked = []

    for _ in range(4):
        repeat = next_repeat(Leaders([plain, taught]), lambda *arm: counts[arm])
        assert isinstance(repeat, Pipeline)
        counts[repeat.key, "alone"] += 1
        asked.append("augmentation" in repeat.stages)

    assert sorted(asked) == [False, False, True, True]


def test_controls_and_runs_without_an_end_do_not_lead() -> None:
    baseline, stopped = replace(outcome(1, 0.99), baseline="alone"), outcome(2, 0.98, "stopped")

    assert places([baseline, stopped], runs(3, 0.5)) == [3]
    assert places() == []
