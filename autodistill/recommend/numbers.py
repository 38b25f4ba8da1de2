"""Pipelines as numbers."""

import math
from collections.abc import Sequence

import pandas as pd

from autodistill.analysis import variance as shares
from autodistill.registry import families
from autodistill.registry.slots import slots
from autodistill.study.pipeline import NONE, Pipeline


def numbers(pipeline: Pipeline) -> dict[str, float]:
    """One number for each choice (1 where it was made) and for each knob of what was chosen; on a log scale where the knob has one."""
    return dict(
        _number(stage, value) for stage, value in shares.choices(pipeline) if value != NONE.name
    )


def table(pipelines: Sequence[Pipeline], columns: Sequence[str] = ()) -> pd.DataFrame:
    """One row for each; choices that were not made are 0, knobs of what was not chosen are missing. `columns` keeps these only."""
    made = pd.DataFrame([numbers(p) for p in pipelines])
    if columns:
        made = made.reindex(columns=list(columns))
    made_or_not = {c: 0.0 for c in map(str, made.columns) if "=" in c or c.startswith("weight.")}
    return made.fillna(made_or_not)


def chosen(pipeline: Pipeline) -> dict[str, str]:
    """The name that was chosen at each stage, without knobs and weights."""
    return {stage: value for stage, value in shares.choices(pipeline) if "." not in stage}


def kind(pipeline: Pipeline) -> str:
    """The same for pipelines that differ in knobs and weights only."""
    return " ".join(f"{stage}={value}" for stage, value in sorted(chosen(pipeline).items()))


def _number(stage: str, value: object) -> tuple[str, float]:
    if isinstance(value, bool | str) or not isinstance(value, int | float):
        return f"{stage}={value}", 1.0
    slot, member, knob = (*stage.split("."), "", "")[:3]
    logarithmic = slot in slots() and getattr(
        families.card(slots()[slot].family, member).knobs[knob].domain, "log", False
    )
    return stage, math.log(value) if logarithmic and value > 0 else float(value)
