"""`autodistill predict`: as many rows come out as go in, in their order."""

import csv
import io
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import autodistill as ad
from autodistill.datasets import _chunks
from tests.cli.test_streams import shell
from tests.commands import Ran, run_cli, says
from tests.fakes import sentences, write_csv

ROWS = sentences(50, seed=8)
TEXTS = [text for text, _ in ROWS]


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_chunks, "ROWS", 20)


@pytest.fixture
def expected(teacher: Path) -> list[str]:
    """The student's predictions in Python."""
    return ad.load(teacher).predict(TEXTS)


def predict(*words: object) -> Ran:
    """A prediction that has to work."""
    ran = run_cli("predict", *words)
    assert ran.code == 0, ran.err
    return ran


def rows_of(text: str) -> list[dict[str, str]]:
    """The rows of a CSV."""
    return list(csv.DictReader(io.StringIO(text)))


def give(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """Standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))


def test_a_table_comes_back_with_a_column_more(
    teacher: Path, folder: Path, expected: list[str]
) -> None:
    write_csv(folder / "rows.csv", ROWS)

    ran = predict(teacher, "rows.csv")

    found = rows_of(ran.out)
    assert [(r["text"], r["label"], r["prediction"]) for r in found] == [
        (text, label, told) for (text, label), told in zip(ROWS, expected)
    ]
    says(ran.err, "rows.csv: text = `text`", "torch", "predicted 50 rows")


def test_probabilities_are_those_of_python(teacher: Path, folder: Path) -> None:
    write_csv(folder / "rows.csv", ROWS)

    found = pd.read_csv(io.StringIO(predict(teacher, "rows.csv", "--proba").out))

    names = ["probability_neg", "probability_pos"]
    wanted = ad.load(teacher).predict_proba(TEXTS)
    assert found[names].to_numpy() == pytest.approx(wanted, abs=1e-6)
    assert list(found.columns) == ["text", "label", "prediction", *names]


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "parquet"])
def test_a_file_is_written_by_its_ending(
    ending: str, teacher: Path, folder: Path, expected: list[str]
) -> None:
    frame = pd.DataFrame({"id": range(50), "text": TEXTS, "x": [None, *([0.5] * 49)]})
    frame.to_parquet(folder / "rows.parquet")

    ran = predict(teacher, "rows.parquet", "--out", f"out.{ending}")

    read: Any = {
        "csv": pd.read_csv,
        "tsv": lambda f: pd.read_csv(f, sep="\t"),
        "jsonl": lambda f: pd.read_json(f, lines=True),
        "parquet": pd.read_parquet,
    }[ending]
    pd.testing.assert_frame_equal(
        read(folder / f"out.{ending}"), frame.assign(prediction=expected), check_dtype=False
    )
    assert ran.out == ""


def test_lines_of_json_come_back_as_such(teacher: Path, folder: Path, expected: list[str]) -> None:
    rows: list[dict[str, Any]] = [
        {"text": text, "tags": ["a", {"é": i}]} for i, text in enumerate(TEXTS)
    ]
    rows[30]["late"] = True  # a name that the first chunk lacks
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    found = [json.loads(line) for line in predict(teacher, "rows.jsonl").out.splitlines()]

    assert [row["prediction"] for row in found] == expected
    assert [row["tags"] for row in found] == [row["tags"] for row in rows]
    assert (found[0]["late"], found[30]["late"]) == (None, True)


def test_plain_lines_come_through_a_pipe(
    teacher: Path, monkeypatch: pytest.MonkeyPatch, expected: list[str]
) -> None:
    give(monkeypatch, "\n".join(TEXTS).encode())

    ran = predict(teacher, "-")

    assert [row["prediction"] for row in rows_of(ran.out)] == expected
    says(ran.err, "each line is a text")


@pytest.mark.parametrize(
    ("keep", "names"),
    [
        ("none", ["row", "prediction"]),
        ("id", ["id", "prediction"]),
        ("text,id", ["text", "id", "prediction"]),
        ("all", ["id", "text", "prediction", "prediction (2)"]),
    ],
)
def test_the_own_columns_to_write_can_be_chosen(
    keep: str, names: list[str], teacher: Path, folder: Path
) -> None:
    pd.DataFrame({"id": range(7, 57), "text": TEXTS, "prediction": "x"}).to_csv(
        "rows.csv", index=False
    )

    found = rows_of(predict(teacher, folder / "rows.csv", "--keep", keep).out)

    assert list(found[0]) == names
    assert found[-1].get("row", "50") == "50"
    assert found[-1].get("id", "56") == "56"


def test_rows_without_a_text_stay_and_are_told_of(teacher: Path, folder: Path) -> None:
    texts = [*TEXTS[:30], "", "  ", *TEXTS[30:]]
    pd.DataFrame({"n": range(52), "text": texts}).to_csv("rows.csv", index=False)

    ran = predict(teacher, folder / "rows.csv", "--proba")

    found = rows_of(ran.out)
    assert [int(row["n"]) for row in found] == list(range(52))
    assert [i for i, row in enumerate(found) if not row["prediction"]] == [30, 31]
    assert found[30]["probability_pos"] == ""
    says(ran.err, "2 of them have no text, and an empty prediction: row 32, 33")


def test_pairs_are_found_or_named(teacher: Path, folder: Path) -> None:
    frame = pd.DataFrame({"premise": TEXTS, "hypothesis": TEXTS[::-1]})
    frame.to_csv("usual.csv", index=False)
    frame.set_axis(["a", "b"], axis=1).to_csv(folder / "named.csv", index=False)
    wanted = ad.load(teacher).predict(list(zip(TEXTS, TEXTS[::-1])))

    usual = rows_of(predict(teacher, "usual.csv").out)
    named = rows_of(predict(teacher, "named.csv", "--text", "a", "--column", "pair=b").out)

    assert [row["prediction"] for row in usual] == wanted
    assert [row["prediction"] for row in named] == wanted


def test_a_student_of_single_texts_does_not_take_a_pair(teacher: Path, folder: Path) -> None:
    shutil.copytree(teacher, folder / "student")
    (folder / "student/metrics.json").write_text(json.dumps({"pairs": False}))
    frame = pd.DataFrame({"question": TEXTS, "sentence": TEXTS[::-1]})
    frame.to_csv("rows.csv", index=False)
    frame.set_axis(["premise", "hypothesis"], axis=1).to_csv("pairs.csv", index=False)

    ran = predict("student", "rows.csv")

    says(ran.err, "text = `sentence`\n")
    assert run_cli("predict", "student", "pairs.csv").code == 2


def test_a_number_among_the_texts_of_a_late_chunk_is_a_text(teacher: Path, folder: Path) -> None:
    lines = [json.dumps({"text": text}) for text in TEXTS[:40]] + ['{"text": 7}']
    (folder / "rows.jsonl").write_text("\n".join(lines))

    assert len(predict(teacher, "rows.jsonl").out.splitlines()) == 41


def test_the_file_that_is_read_may_be_written(teacher: Path, folder: Path) -> None:
    write_csv(folder / "rows.csv", ROWS)

    predict(teacher, "rows.csv", "--out", "rows.csv")

    assert list(pd.read_csv("rows.csv").columns) == ["text", "label", "prediction"]
    assert [p.name for p in folder.iterdir()] == ["rows.csv"]


@pytest.mark.slow
def test_a_reader_that_leaves_ends_it_cleanly(teacher: Path, tmp_path: Path) -> None:
    write_csv(tmp_path / "rows.csv", sentences(9000))

    ran = shell(tmp_path, f"$A predict {teacher} rows.csv | head -2; echo ${{PIPESTATUS[0]}}")

    assert ran.stdout.splitlines()[0] == "text,label,prediction"
    assert ran.stdout.splitlines()[-1] == "0"
    assert "Traceback" not in ran.stderr


def test_letters_survive_a_poor_terminal(teacher: Path, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("text\nun été\n", encoding="utf-8")

    ran = shell(tmp_path, f"$A predict {teacher} rows.csv", LC_ALL="C", PYTHONUTF8="0")

    assert "un été," in ran.stdout, ran.stderr
