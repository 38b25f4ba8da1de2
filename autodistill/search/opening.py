"""The first runs of a search: the default recipe, one of each other size, their students alone."""

from collections.abc import Iterator, Mapping
from typing import Any

from autodistill.search.asked import given
from autodistill.search.warm_start import DEFAULT, NAMED, START
from autodistill.study.baselines import alone
from autodistill.study.space import Space
from autodistill.study.starts import start_values
from autodistill.study.student_networks import network_recipes


def opening(space: Space) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Values by asked name and Optuna attributes of the runs to begin with, in order.

    The default recipe, the space's starts, the default recipe with each network that is named as a
    student; then each of these students alone, the last and smallest first, so that a short budget
    has a comparison. A space that has the default recipe only begins with that: its baselines
    follow when it has been asked for.
    """
    default, *others = start_values(space)
    named = [values for values in network_recipes(space) if values not in others]
    yield default, {"why": DEFAULT}
    for values in others:
        yield values, {"why": START}
    for values in named:
        yield values, {"why": NAMED}
    if others or named:
        recipes = map(space.made_of, (default, *others, *named))
        students = {plain.key: plain for plain in map(alone, recipes)}
        for plain in reversed(students.values()):
            yield {}, given(plain, why="control: alone", control="alone")
