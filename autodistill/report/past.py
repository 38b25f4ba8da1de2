"""Past studies of datasets like a study's own, and what won there."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from autodistill.report.table import Column, Table
from autodistill.runtime.progress import Screen
from autodistill.study.pipeline import Pipeline
from autodistill.study.places import past_of
from autodistill.study.results import StudyResult

SHOWN = 6


@dataclass(frozen=True)
class PastStudy:
    """A past study of a dataset like this one."""

    name: str
    dataset: str
    distance: float
    """About 1 between two datasets picked at random."""
    best: Pipeline
    """The recipe with the best mean score there."""


@dataclass(frozen=True)
class PastStudies:
    """The nearest studies, and how far advice from such studies can be trusted."""

    nearest: tuple[PastStudy, ...]
    trust: str
    """A sentence; empty where it is not known."""


NOTHING = PastStudies((), "")


def past_of_study(record: StudyResult, name: str) -> PastStudies:
    """Nothing for a study without a fingerprint, and where past studies are switched off."""
    if "past" not in record.derived:
        record.derived["past"] = _past_of(record, name)
    found: PastStudies = record.derived["past"]
    return found


def past_table(found: PastStudies) -> Table:
    """One row per past study, the nearest first."""
    columns = (
        Column("study"),
        Column("dataset"),
        Column("distance", format=".2f", align="right"),
        Column("what won there", is_long=True),
    )
    rows = tuple((s.name, s.dataset, s.distance, str(s.best)) for s in found.nearest)
    note = (
        "distance: of the fingerprints of two datasets (sizes, classes, lengths, the teacher's "
        "accuracy); about 1 between two datasets picked at random."
    )
    return Table("Past studies of datasets like this one", columns, rows, note)


def _past_of(record: StudyResult, name: str) -> PastStudies:
    fingerprint = record.facts.fingerprint
    if not fingerprint or not record.outcomes or not past_of(None):
        return NOTHING
    # pandas, for studies that know their dataset alone
    from autodistill.recommend.advice import earned_by, nearest
    from autodistill.recommend.sources import chosen_model

    known = _known(Path.cwd())
    near = [each for each in nearest(known.past, fingerprint) if each[0] != name][:SHOWN]
    chosen = chosen_model(known.judges, Screen(), may_choose=False)
    trust = ""
    if chosen is not None:
        earned = earned_by(chosen)
        trust = (
            f"With each of {earned.datasets} datasets left out in turn, the first recipe that the "
            f"others suggest came to {earned.first:.0%} of the way from the worst recipe to the "
            f"best, a random one to {earned.random_first:.0%}."
        )
    studies = (
        PastStudy(n, known.past.records[n].study.dataset, distance, known.past.best(n))
        for n, distance in near
    )
    return PastStudies(tuple(studies), trust)


@cache
def _known(folder: Path) -> Any:
    """The studies that ship and those in ./studies, read once for all studies of a page."""
    from autodistill.recommend.sources import Sources, past_studies

    return past_studies(Sources(own=False), Screen())
