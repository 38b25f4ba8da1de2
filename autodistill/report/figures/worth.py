"""Gain of each recipe over labels alone, on each dataset.

Source   differences of means, as in `autodistill.analysis.recipe_gains`; He et al. 2021
         (Distiller), arXiv:2109.11105, compare stages across datasets in this way.
Idea     Distillation that helps on one dataset hurts on another; a cell without a number is not
         distinguishable from zero.
Inputs   complete runs of studies that ran the same recipes with the same students, on labels
         alone, too.
"""

import math
from collections.abc import Mapping, Sequence

from plotly import graph_objects as go

from autodistill.analysis.recipe_gains import common_recipes, gains
from autodistill.report.figures import Drawing, heat_map, labels
from autodistill.report.stage_tables import recipes_table
from autodistill.report.table import Column, Table
from autodistill.study.results import StudyResult


class Worth(Drawing):
    """One cell per dataset and recipe: points gained over labels alone.

    A number where the gain is more than two standard errors.
    """

    title = "Gain of distillation over labels alone, in points"

    def draw(
        self, studies: Mapping[str, StudyResult], published: Mapping[str, Mapping[str, float]]
    ) -> go.Figure | None:
        """The heat map of recipes that at least half of the studies have."""
        found = {(g.study, g.recipe): g for g in gains(studies)}
        names = [n for n in studies if any(study == n for study, _ in found)]
        recipes = common_recipes(list(found.values()))
        if not recipes:
            return None
        cells = [[found.get((n, r)) for n in names] for r in recipes]
        points = [[None if g is None else 100 * g.gain for g in row] for row in cells]
        texts = [
            ["" if g is None or not g.is_shown else f"{100 * g.gain:+.1f}" for g in row]
            for row in cells
        ]
        most = max(abs(p) for row in points for p in row if p is not None) or 1.0
        columns, how = (
            labels({n: studies[n] for n in names}),
            {"zmin": -most, "zmax": most, "colorbar_title": "points"},
        )
        return heat_map(columns, recipes, points, texts, 320, colorscale="RdBu", **how)

    def numbers(self, studies: Mapping[str, StudyResult]) -> Table | None:
        """The same gains, with the noise of seeds."""
        found = gains(studies)
        recipes = common_recipes(found)
        columns = (
            Column("recipe"),
            Column("study"),
            Column("gain", "points", "+.1f", "right"),
            Column("standard error", "points", ".1f", "right"),
            Column("finding"),
        )
        rows = tuple(
            (
                *(g.recipe, g.study, 100 * g.gain),
                None if math.isnan(g.error) else 100 * g.error,
                "more than two standard errors" if g.is_shown else "not told from zero",
            )
            for recipe in recipes
            for g in found
            if g.recipe == recipe
        )
        return Table(self.title, columns, rows) if rows else None

    def tables(self, studies: Mapping[str, StudyResult]) -> Sequence[Table]:
        """On how many datasets each recipe is better or worse."""
        return recipes_table(studies)
