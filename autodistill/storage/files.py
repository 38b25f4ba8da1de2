"""A published study as files that anyone can read.

The study is in `study.toml`, its trials in `outcomes.csv`, their predictions in `guesses.csv`.
"""

import base64
import csv
import io
import json
import tomllib
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w

from autodistill.errors import SpecError
from autodistill.runtime import files
from autodistill.study.facts import StudyFacts
from autodistill.study.pipeline import Pipeline
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
    if (folder / "study.toml").exists() and _asked(folder)["question"] != record.study.to_dict():
        raise SpecError(f"{folder} holds another study; give another folder with --to.")
    asked = {
        "format": FORMAT,
        "name": name,
        "spent_seconds": round(record.spent_seconds, 1),
        "question": record.study.to_dict(),
    }
    large = ("costs", "latencies", "plan", "students", "survivors")  # costs stand with the runs
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
        ("run", "classes"), [{"run": run, "classes": _pack(data)} for run, data in told if data]
    )
    _write(folder, written)


def read(folder: Path) -> StudyResult:
    """A published study; raises SpecError for any other folder."""
    if missing := [name for name in FILES if not (folder / name).is_file()]:
        raise SpecError(
            f"{folder} is not a published study: {', '.join(missing)} missing. "
            "`autodistill studies publish` writes one."
        )
    asked = _asked(folder)
    if asked.get("format") != FORMAT:
        raise SpecError(
            f"{folder} has format {asked.get('format')}, this version reads {FORMAT}. "
            "Upgrade autodistill."
        )
    packed = {row["run"]: _unpack(row["classes"]) for row in _rows(folder / "guesses.csv")}
    selection = (
        Selection(packed["labels"], packed.get("teacher", b"")) if "labels" in packed else None
    )
    outcomes = tuple(
        _outcome(row, packed.get(row["number"], b"")) for row in _rows(folder / "outcomes.csv")
    )
    facts = dict(asked.get("facts", {}))
    if (folder / "students.csv").is_file():
        facts["students"] = [
            {k: json.loads(row[k]) for k in STUDENTS} for row in _rows(folder / "students.csv")
        ]
    return StudyResult(
        Study.from_dict(asked["question"]),
        outcomes,
        asked["spent_seconds"],
        StudyFacts.from_dict(facts),
        selection,
    )


def _asked(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "study.toml").read_text(encoding="utf-8"))


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


def _outcome(row: Mapping[str, str], predictions: bytes) -> Trial:
    return Trial(
        number=int(row["number"]),
        pipeline=Pipeline.from_dict(json.loads(row["pipeline"])),
        seed=int(row["seed"]),
        status=row["status"],
        score=float(row["score"]) if row["score"] else None,
        fidelity={k: int(row[k]) for k in ("rows", "epochs") if row[k]},
        metrics=json.loads(row["metrics"]),
        curve=tuple((step, value) for step, value in json.loads(row["curve"])),
        cost=json.loads(row["cost"]),
        error=row["error"],
        baseline=row["control"],
        predictions=predictions,
    )


def _pack(data: bytes) -> str:
    return base64.b85encode(zlib.compress(data, 9)).decode()


def _unpack(text: str) -> bytes:
    return zlib.decompress(base64.b85decode(text))


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


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
