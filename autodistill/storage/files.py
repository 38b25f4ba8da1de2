"""A published study as files that anyone can read.

The study is in `study.toml`, its trials in `outcomes.csv`, their predictions in `guesses.csv`.
"""

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w

from autodistill.errors import SpecError
from autodistill.runtime import files
from autodistill.storage.faults import Faults
from autodistill.storage.file_rows import (
    read_head,
    read_predictions,
    read_students,
    read_trials,
)
from autodistill.study.facts import StudyFacts
from autodistill.study.packed import pack
from autodistill.study.results import Selection, StudyResult, Trial
from autodistill.study.study import Study

FORMAT = 1
FILES = ("study.toml", "outcomes.csv", "guesses.csv")
OPTIONAL = ("students.csv",)
STUDENTS = ("student", "cost", "scores")
"""Columns of a study of students: cost, and means and deviations of the proxies."""
COLUMNS = (
    "number",
    "status",
    "score",
    "control",
    "seed",
    "rows",
    "epochs",
    "error",
    "curve",
    "metrics",
    "cost",
    "pipeline",
)


def publish(record: StudyResult, name: str, folder: Path) -> None:
    """Write a study's files into a folder; SpecError when it holds another study.

    The folder may exist. The machine and the versions of a run stay in the database.
    """
    if (folder / "study.toml").exists() and _head(folder)[1].to_dict() != record.study.to_dict():
        raise SpecError(f"{folder} holds another study; give another folder with --to.")
    asked = {
        "format": FORMAT,
        "name": name,
        "spent_seconds": round(record.spent_seconds, 1),
        "question": record.study.to_dict(),
    }
    # costs stand with the runs
    large = ("costs", "latencies", "file_bytes", "plan", "students", "survivors")
    facts = {k: v for k, v in record.facts.to_dict().items() if k not in large}
    text = tomli_w.dumps({**asked, "facts": facts})
    written = {"study.toml": text}
    if students := record.facts.students:
        written["students.csv"] = _as_csv(
            STUDENTS, [{k: json.dumps(s[k]) for k in STUDENTS} for s in students]
        )
    written["outcomes.csv"] = _as_csv(COLUMNS, [_row(o) for o in record.outcomes])
    known = (
        [("labels", record.selection.labels), ("teacher", record.selection.teacher)]
        if record.selection
        else []
    )
    told = known + [(str(o.number), o.predictions) for o in record.outcomes]
    written["guesses.csv"] = _as_csv(
        ("run", "classes"), [{"run": run, "classes": pack(data)} for run, data in told if data]
    )
    _write(folder, written)


def read(folder: Path, *, predictions: bool = True) -> StudyResult:
    """A published study; raises SpecError for any other folder, with every fault of its files.

    Scores alone are read in half the time.
    """
    if not folder.is_dir():
        what = "is a file, not a folder" if folder.exists() else "does not exist"
        raise SpecError(
            f"{folder} {what}. Give the folder that `autodistill studies publish` wrote; "
            "unpack an archive first."
        )
    if missing := [name for name in FILES if not (folder / name).is_file()]:
        raise SpecError(
            f"{folder} is not a published study: {', '.join(missing)} missing. "
            "`autodistill studies publish` writes one."
        )
    faults = Faults(folder)
    head = read_head(faults, FORMAT)
    packed = read_predictions(faults) if predictions else {}
    trials = read_trials(faults, COLUMNS, packed)
    listed = (folder / "students.csv").is_file()
    students = read_students(faults, STUDENTS) if listed else None
    faults.end()
    assert head is not None
    spent_seconds, study, facts = head
    return StudyResult(
        study,
        tuple(trials),
        spent_seconds,
        facts.updated(students=students) if listed else facts,
        Selection(packed["labels"], packed.get("teacher", b"")) if "labels" in packed else None,
    )


def _head(folder: Path) -> tuple[float, Study, StudyFacts]:
    faults = Faults(folder)
    head = read_head(faults, FORMAT)
    faults.end()
    assert head is not None
    return head


def _row(outcome: Trial) -> dict[str, Any]:
    plain = {k: getattr(outcome, k) for k in ("number", "status", "seed", "error")}
    nested = {
        "curve": outcome.curve,
        "metrics": dict(outcome.metrics),
        "cost": dict(outcome.cost),
        "pipeline": outcome.pipeline.to_dict(),
    }
    score = "" if outcome.score is None else repr(outcome.score)
    return {
        **plain,
        "control": outcome.baseline,
        "score": score,
        **outcome.fidelity,
        **{k: json.dumps(v) for k, v in nested.items()},
    }


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    """Write these files together: a new folder appears whole, in an old one each file does."""
    if folder.exists():
        for name, text in texts.items():
            files.write_text(folder / name, text)
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    with files.draft_folder(folder) as draft:
        for name, text in texts.items():
            files.write_text(draft / name, text)


def _as_csv(columns: tuple[str, ...], rows: list[dict[str, Any]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
