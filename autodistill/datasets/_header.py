"""Names of columns as they are written: blank ones, repeated ones, invisible characters."""

from collections.abc import Sequence

from autodistill.datasets._text import visible


def distinct(names: Sequence[str]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Names that differ, and those that were written more than once.

    A blank name becomes "column 3", for the third; the second "note" becomes "note (2)".
    """
    found: list[str] = []
    repeated = set[str]()
    for place, written in enumerate(names, start=1):
        name = visible(written).strip() or f"column {place}"
        if name in found:
            repeated.add(name)
            name = f"{name} ({sum(n == name or n.startswith(f'{name} (') for n in found) + 1})"
        found.append(name)
    return tuple(found), frozenset(repeated)


def looks_like_a_row(names: Sequence[str], columns: Sequence[Sequence[object]]) -> bool:
    """Whether a header holds numbers, sentences, or values of the rows below it."""
    return any(
        _is_number(name) or len(name.split()) > 4 or any(value == name for value in column)
        for name, column in zip(names, columns)
    )


def _is_number(name: str) -> bool:
    return name.replace(".", "", 1).lstrip("+-").isdigit()
