"""Evolution finds good students with few questions."""

import random
from collections.abc import Callable
from pathlib import Path

from autodistill.search.screening.evolution import evolve
from autodistill.study.pipeline import Part
from autodistill.study.space import Space
from tests.spaces import random_ask, small

SPACE = """
[student.scratch]
layers = [1, 12]
width = [64, 128, 192, 256, 312, 384, 512, 768]
heads = [2, 4, 8, 12]
feed_forward = [2, 3, 4]
vocabulary = ["full"]
[hard.ce]
[logit.kl]
[feature.none]
[mapping.skip]
[optimizer.adamw]
"""


def worth(part: Part) -> float:
    """Best at six layers of width 192 with four heads."""
    found: float = (
        -abs(part.knobs["layers"] - 6)
        - abs(part.knobs["width"] - 192) / 64
        - abs(part.knobs["heads"] - 4)
        - part.knobs["feed_forward"]
    )
    return found


def best_of(
    space: Space, seed: int, judge: Callable[[Part], float | None], most: int = 120
) -> list[float]:
    """Values in the order in which they were judged."""
    found: list[float] = []
    seen: set[str] = set()

    def once(part: Part) -> float | None:
        value = None if str(part) in seen else judge(part)
        seen.add(str(part))
        found.extend([] if value is None else [value])
        return value

    draw = random.Random(seed)
    assert evolve(space, once, random_ask(draw), most=most, random=draw) == len(found)
    return found


def test_bred_students_are_better_than_drawn_ones(tmp_path: Path) -> None:
    space = small(tmp_path, SPACE)

    bred = [max(best_of(space, seed, worth)) for seed in range(8)]
    drawn = [
        max(
            worth(space.part("student", random_ask(random.Random(1000 * seed + n))))
            for n in range(120)
        )
        for seed in range(8)
    ]

    assert sum(bred) > sum(drawn) + 4
    assert max(bred) == -2.0


def test_the_same_seed_asks_about_the_same_students(tmp_path: Path) -> None:
    space = small(tmp_path, SPACE)

    assert best_of(space, 3, worth) == best_of(space, 3, worth)


def test_a_small_space_ends(tmp_path: Path) -> None:
    space = small(
        tmp_path,
        SPACE.replace("[1, 12]", "[1, 2]").replace(
            "width = [64, 128, 192, 256, 312, 384, 512, 768]", "width = [64]"
        ),
    )

    assert len(best_of(space, 0, worth, most=500)) == 2 * 4 * 3 * 2  # with and without dropout
