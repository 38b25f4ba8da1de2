"""Tables on what each stage is worth, in one study and over several."""

from collections.abc import Mapping
from statistics import median

from autodistill.analysis.recipe_gains import common_recipes, gains
from autodistill.analysis.variance import by_slot, known_shares
from autodistill.report.table import Column, Table, text_table
from autodistill.search.importance import importances
from autodistill.study.results import StudyResult


def recipes_table(studies: Mapping[str, StudyResult]) -> list[Table]:
    """Over all datasets, what each recipe is worth over labels alone; none of one study."""
    found = gains(studies)
    rows = []
    for recipe in common_recipes(found):
        own = [g for g in found if g.recipe == recipe]
        if len(own) < 2:
            continue
        better, worse = (
            sum(g.is_shown and (g.gain > 0) is up for g in own) for up in (True, False)
        )
        counts = (str(n) for n in (len(own), better, len(own) - better - worse, worse))
        rows.append((recipe, *counts, f"{100 * median(g.gain for g in own):+.1f}"))
    note = (
        "better and worse: by more than two standard errors of the noise of seeds; means over the "
        "same students, in points. "
        "A view adds its rows to an epoch, so that such recipes take more steps than labels alone "
        "do."
    )
    heads = ("recipe", "datasets", "better", "not told apart", "worse", "median, points")
    return [text_table("Recipes over labels alone", heads, rows, note)] if rows else []


def shares_table(studies: Mapping[str, StudyResult]) -> Table | None:
    """The share of the differences between runs that each stage explains."""
    columns = (
        Column("study"),
        Column("stage"),
        Column("share", format=".3f", align="right"),
        Column("by chance up to", format=".3f", align="right"),
        Column("finding"),
        Column("runs", format=",", align="right"),
        Column("highest mean"),
    )
    note = (
        "share: of the variance of scores, between runs that chose differently (one-way eta "
        "squared); by chance up to: what 95 of 100 random groupings stay below."
    )
    rows = tuple(
        (
            *(name, s.stage, s.share, s.chance),
            "more than chance" if s.is_shown else "chance may explain it",
            *(s.runs, s.best),
        )
        for name, record in studies.items()
        for s in known_shares(record)
    )
    return Table("Share of each stage", columns, rows, note) if rows else None


def importance_table(studies: Mapping[str, StudyResult]) -> list[Table]:
    """PED-ANOVA by stage, each study in a column; none where nothing varied."""
    added = {name: by_slot(importances(record)) for name, record in studies.items()}
    slots = sorted(
        {slot for own in added.values() for slot in own},
        key=lambda slot: -sum(own.get(slot, 0.0) for own in added.values()),
    )
    columns = (Column("stage"), *(Column(name, format=".2f", align="right") for name in added))
    rows = tuple((slot, *(own.get(slot) for own in added.values())) for slot in slots)
    note = (
        "PED-ANOVA, a stage's knobs and weight added up: how differently the best tenth of the "
        "runs chose, adding up to one whether or not anything matters."
    )
    return [Table("Importance of each stage", columns, rows, note)] if rows else []
