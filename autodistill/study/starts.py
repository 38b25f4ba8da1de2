"""The recipes that a search starts with: the default one, and those of a space's [[start]]."""

from typing import Any

from autodistill.study.space import Space


def start_values(space: Space) -> list[dict[str, Any]]:
    """The asked names and values of the recipes to start with, the default one first.

    Without those that the task, or the choice of students, rules out.
    """
    found = [space.default_values()]
    for start in space.starts:
        values = space.with_defaults(start).default_values()
        names = {**space.settled(), **values}
        if values not in found and all(names.get(k) == v for k, v in start.items()):
            found.append(values)
    return found
