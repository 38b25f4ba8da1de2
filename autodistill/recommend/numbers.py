"""Pipelines as numbers."""

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from autodistill import family
from autodistill.domain import OneOf
from autodistill.pipeline import NONE, TREATMENTS, Part, Pipeline
from autodistill.validity import SLOTS


def numbers(pipeline: Pipeline) -> dict[str, float]:
    """One number for each choice (1 where it was made) and for each knob of what was chosen; on a log scale where the knob has one."""
    found = _part("student", pipeline.student) | _part("optimizer", pipeline.optimizer)
    for term in pipeline.terms:
        slot = str(family.card("losses", term.loss.name).facts["kind"])
        found |= _part(slot, term.loss) | {f"weight.{slot}": term.weight}
        if term.mapping is not None:
            found |= _part("mapping", term.mapping)
    for slot in TREATMENTS:
        if (part := getattr(pipeline, slot)) != NONE:
            found |= _part(slot, part)
    return found


def table(pipelines: Sequence[Pipeline], columns: Sequence[str] = ()) -> pd.DataFrame:
    """One row for each; choices that were not made are 0, knobs of what was not chosen are missing. `columns` keeps these only."""
    made = pd.DataFrame([numbers(p) for p in pipelines])
    if columns:
        made = made.reindex(columns=list(columns))
    made_or_not = {c: 0.0 for c in map(str, made.columns) if "=" in c or c.startswith("weight.")}
    return made.fillna(made_or_not)


def choices(pipeline: Pipeline) -> Mapping[str, str]:
    """The name that was chosen at each stage, without knobs."""
    found = {"student": pipeline.student.name}
    for term in pipeline.terms:
        found[str(family.card("losses", term.loss.name).facts["kind"])] = term.loss.name
    return found | {slot: part.name for slot, part in pipeline.treatments.items()}


def _part(slot: str, part: Part) -> dict[str, float]:
    found, knobs = {f"{slot}={part.name}": 1.0}, family.card(SLOTS[slot], part.name).knobs
    for name, value in part.knobs.items():
        place = f"{slot}.{part.name}.{name}"
        domain = knobs[name].domain
        if isinstance(value, bool | str) or (isinstance(domain, OneOf) and not isinstance(value, int | float)):
            found[f"{place}={value}"] = 1.0
        elif getattr(domain, "log", False) and value > 0:
            found[place] = math.log(value)
        else:
            found[place] = float(value)
    return found
