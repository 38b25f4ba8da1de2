"""The table of a ranking by proxies."""

from collections.abc import Sequence

from rich.table import Table

from autodistill.search.screening.scoring import Scored, by_proxy


def table(made: Sequence[Scored], top: int) -> Table:
    """Table of the first students' ranks under each proxy."""
    found, known = (
        Table(title=f"{len(made)} students, best mean rank first", title_justify="left"),
        by_proxy(made),
    )
    for head in ("student", "params", "MB", "ms", *known):
        found.add_column(head, justify="left" if head == "student" else "right", overflow="fold")
    for place, s in enumerate(made[:top]):
        cost = s.candidate.cost
        costs = (
            f"{cost['params'] / 1e6:.2f}M",
            f"{cost['size_bytes'] / 1e6:.1f}",
            f"{cost['latency_ms']:.2f}",
        )
        found.add_row(
            str(s.candidate.student),
            *costs,
            *(f"{len(made) + 1 - own[place]:g}" for own in known.values()),
        )
    return found
