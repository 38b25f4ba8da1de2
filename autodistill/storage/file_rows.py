"""The files of a published study, checked as they are read: every fault with its place."""

import binascii
import tomllib
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    FiniteFloat,
    Json,
)

from autodistill.storage.faults import Faults, read_rows, read_text
from autodistill.study.facts import StudyFacts
from autodistill.study.packed import unpack
from autodistill.study.pipeline import Pipeline
from autodistill.study.results import Trial
from autodistill.study.study import Study

_Whole = Annotated[int, Field(ge=0, lt=2**31)]
_Empty = BeforeValidator(lambda value: None if value == "" else value)
_Numbers = dict[str, FiniteFloat]


class _Run(BaseModel, frozen=True):
    """A line of outcomes.csv."""

    number: _Whole
    status: Annotated[str, Field(min_length=1)]
    score: Annotated[FiniteFloat | None, _Empty]
    control: str
    seed: Annotated[int, Field(ge=-(2**63), lt=2**63)]
    rows: Annotated[_Whole | None, _Empty]
    epochs: Annotated[_Whole | None, _Empty]
    error: str
    curve: Json[tuple[tuple[int, FiniteFloat], ...]]
    metrics: Json[_Numbers]
    cost: Json[_Numbers]
    pipeline: Json[Pipeline]


class _Head(BaseModel, frozen=True):
    """The file study.toml."""

    format: int
    name: str = ""
    spent_seconds: Annotated[FiniteFloat, Field(ge=0)]
    question: Study
    facts: StudyFacts = StudyFacts()


class _Student(BaseModel, frozen=True):
    """A line of students.csv."""

    student: Json[dict[str, Any]]
    cost: Json[_Numbers]
    scores: Json[dict[str, Any]]


def read_head(faults: Faults, newest: int) -> tuple[float, Study, StudyFacts] | None:
    """Seconds, definition and facts in study.toml; None where it is faulty."""
    name = "study.toml"
    if (text := read_text(faults, name)) is None:
        return None
    try:
        data = tomllib.loads(text)
    except ValueError as error:  # also a number with too many digits
        faults.add(name, f" is not valid TOML: {error}.")
        return None
    if (found := data.get("format")) != newest:
        advice = "Upgrade autodistill." if isinstance(found, int) and found > newest else ""
        faults.add(
            name, f" has format {found!r:.20}, this version reads {newest}. {advice}".rstrip()
        )
        return None
    question, facts = data.get("question"), data.get("facts", {})
    if isinstance(question, dict) and (
        unknown := sorted(question.keys() - {f.name for f in fields(Study)})
    ):
        faults.add(name, f": question has unknown entries: {', '.join(unknown)}.")
        return None
    if isinstance(facts, dict):
        data["facts"] = StudyFacts.from_dict(facts)
        data["facts"] = {f.name: getattr(data["facts"], f.name) for f in fields(StudyFacts)}
    with faults.misfits(name, ""):
        head = _Head.model_validate(data)
        return head.spent_seconds, head.question, head.facts
    return None


def read_trials(
    faults: Faults, columns: tuple[str, ...], packed: Mapping[str, bytes]
) -> list[Trial]:
    """The trials in outcomes.csv, with their predictions."""
    trials = []
    for line, row in read_rows(faults, "outcomes.csv", columns):
        with faults.misfits("outcomes.csv", f", line {line}"):
            run = _Run.model_validate(row)
            fidelity = {"rows": run.rows, "epochs": run.epochs}
            trials.append(
                Trial(
                    number=run.number,
                    pipeline=run.pipeline,
                    seed=run.seed,
                    status=run.status,
                    score=run.score,
                    fidelity={k: v for k, v in fidelity.items() if v is not None},
                    metrics=run.metrics,
                    curve=run.curve,
                    cost=run.cost,
                    error=run.error,
                    baseline=run.control,
                    predictions=packed.get(str(run.number), b""),
                )
            )
    for number, count in Counter(trial.number for trial in trials).items():
        if count > 1:
            faults.add("outcomes.csv", f": trial {number} is listed {count} times.")
    for fault in _unlike(trials, packed):
        faults.add("guesses.csv", f": {fault}")
    return trials


def _unlike(trials: list[Trial], packed: Mapping[str, bytes]) -> list[str]:
    """Predictions that are missing at the end, or belong to no trial: a table is cut off.

    Trials of older versions, at the beginning, may have none.
    """
    listed = {str(trial.number) for trial in trials}
    if unknown := [run for run in packed if run not in {*listed, "labels", "teacher"}]:
        return [f"run {unknown[0]!r:.30} is not in outcomes.csv ({len(unknown)} such runs)."]
    complete = [trial for trial in trials if trial.status == "complete"]
    if packed and complete and not complete[-1].predictions and any(t.predictions for t in trials):
        return [f"trial {complete[-1].number} lacks the classes that earlier ones have."]
    return []


def read_students(faults: Faults, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """The students in students.csv, with their costs and proxies' scores."""
    found = []
    for line, row in read_rows(faults, "students.csv", columns):
        with faults.misfits("students.csv", f", line {line}"):
            student = _Student.model_validate(row)
            found.append({name: getattr(student, name) for name in columns})
    return found


def read_predictions(faults: Faults) -> dict[str, bytes]:
    """Classes of the validation rows by run, two bytes each."""
    found: dict[str, bytes] = {}
    for line, row in read_rows(faults, "guesses.csv", ("run", "classes")):
        place = f", line {line}: run {row['run']!r:.30}"
        if row["run"] in found:
            faults.add("guesses.csv", f"{place} is there twice.")
        try:
            found[row["run"]] = unpack(row["classes"])
        except (ValueError, binascii.Error, zlib.error) as error:
            faults.add("guesses.csv", f"{place} has no list of classes: {error}.")
    return found
