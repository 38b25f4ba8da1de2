"""Confusion matrix of the recommended student on the validation rows.

Source   none needed.
Idea     Classes that the student takes for each other: rows of a class run across, and a darker
         cell holds more of them.
Inputs   a study that kept predictions; of many classes, those with most errors.
"""

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
from plotly import graph_objects as go

from autodistill.report.figures import Drawing, heat_map
from autodistill.report.mistakes import (
    Mistakes,
    classes_table,
    confusions_table,
    disagreement_table,
    mistakes_of,
)
from autodistill.report.table import Cell, Column, Table
from autodistill.study.results import StudyResult

LONGEST = 24
"""Letters of a class name on an axis."""
SHADES = ((0.0, "rgba(0,114,178,0)"), (1.0, "rgba(0,114,178,1)"))


class MistakesMap(Drawing):
    """One cell per label and prediction; its number counts rows."""

    title = "Mistakes"

    def draw(
        self, studies: Mapping[str, StudyResult], published: Mapping[str, Mapping[str, float]]
    ) -> go.Figure | None:
        """The figure of the first study."""
        return draw_matrix(found) if (found := _first(studies)) else None

    def numbers(self, studies: Mapping[str, StudyResult]) -> Table | None:
        """The same cells."""
        return matrix_table(found) if (found := _first(studies)) else None

    def tables(self, studies: Mapping[str, StudyResult]) -> Sequence[Table]:
        """Who is right, the largest confusions, the worst classes."""
        return mistakes_tables(found) if (found := _first(studies)) else ()


def draw_matrix(found: Mistakes) -> go.Figure:
    """The cells of one trial."""
    kept = found.hardest()
    counts = found.matrix[np.ix_(kept, kept)]
    shares = counts / np.maximum(1, found.matrix.sum(1)[kept])[:, None]
    names = [_label(found.names[place]) for place in kept]
    texts = [[f"{n:,}" if n else "" for n in row] for row in counts]
    figure = heat_map(
        *(names, names, shares.tolist(), texts, 60),
        colorscale=SHADES,
        zmin=0.0,
        zmax=1.0,
        showscale=False,
        xgap=1,
        ygap=1,
        hovertemplate="label %{y}, predicted %{x}: %{text} rows (%{z:.1%})<extra></extra>",
    )
    figure.update_xaxes(title="prediction", showgrid=False, type="category")
    return figure.update_yaxes(
        title={"text": "label", "standoff": 20}, showgrid=False, type="category"
    )


def matrix_table(found: Mistakes) -> Table:
    """The same cells."""
    kept = found.hardest()
    columns = (
        Column("label \\ prediction"),
        *(Column(found.names[place], format=",", align="right") for place in kept),
    )
    rows = tuple(_cells(found, place, kept) for place in kept)
    note = f"Predictions of trial {found.trial}, rows: {len(found.labels):,}"
    if len(kept) < len(found.names):
        note += f", the {len(kept)} of {len(found.names)} classes with most errors"
    return Table("Confusion matrix", columns, rows, f"{note}.")


def mistakes_tables(found: Mistakes) -> tuple[Table, ...]:
    """Who is right, the largest confusions, the worst classes."""
    told = disagreement_table(found), confusions_table(found), classes_table(found)
    return tuple(filter(None, told))


def _first(studies: Mapping[str, StudyResult]) -> Mistakes | None:
    name, record = next(iter(studies.items()))
    return mistakes_of(record, name)


def _cells(found: Mistakes, place: int, kept: Sequence[int]) -> tuple[Cell, ...]:
    return (found.names[place], *(int(n) for n in found.matrix[place, kept]))


def _label(name: str) -> str:
    short = name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
    return escape(short, quote=False)
