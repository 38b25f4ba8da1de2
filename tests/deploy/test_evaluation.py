"""`autodistill evaluate`: a student's scores on a labelled file, beside its teacher's."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, f1_score

import autodistill as ad
from tests.commands import run_cli, says
from tests.fakes import image_folder, sentences, tiny_teacher, write_csv

ROWS = [
    (text, label if i % 5 else ("pos", "neg")[label == "pos"])  # every fifth is wrong
    for i, (text, label) in enumerate(sentences(60, seed=8))
]


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A classifier that has learned nothing, with its outputs in the other order."""
    return tiny_teacher(tmp_path_factory.mktemp("untrained"), labels=("pos", "neg"), steps=0)


def evaluated(*words: object) -> dict[str, Any]:
    """The JSON of an evaluation."""
    ran = run_cli("evaluate", *words, "--json", "scores.json")
    assert ran.code == 0, ran.err
    found: dict[str, Any] = json.loads(Path("scores.json").read_text(encoding="utf-8"))
    return found


def test_the_scores_are_those_of_its_predictions(teacher: Path, folder: Path) -> None:
    write_csv(folder / "rows.csv", ROWS)
    told, labels = ad.load(teacher).predict([t for t, _ in ROWS]), [label for _, label in ROWS]

    ran = run_cli("evaluate", teacher, "rows.csv", "--json", "scores.json")

    found = json.loads((folder / "scores.json").read_text())
    accuracy = found["scores"]["accuracy"]
    assert accuracy["value"] == pytest.approx(accuracy_score(labels, told))
    assert accuracy["low"] < accuracy["value"] < accuracy["high"]
    assert found["scores"]["macro_f1"]["value"] == pytest.approx(
        f1_score(labels, told, average="macro")
    )
    assert [c["label"] for c in found["classes"]] == ["neg", "pos"]
    assert np.sum(found["confusion_matrix"]) == 60
    assert 0 < found["calibration_error"] < found["mean_confidence"] <= 1
    says(
        ran.out,
        *("Scores on 60 rows", "macro F1", "Confusion matrix", "Rows of largest loss"),
        *("Calibration: error", "more sure than right", "is not known here"),
    )


def test_the_worst_rows_are_named_by_their_line(teacher: Path, folder: Path) -> None:
    write_csv(folder / "rows.csv", ROWS)

    worst = evaluated(teacher, "rows.csv", "--worst", 3)["worst_rows"]

    lines = (folder / "rows.csv").read_text().splitlines()
    assert len(worst) == 3
    for row in worst:
        assert lines[row["row"] - 1] == f"{row['text']},{row['label']}"
        assert row["prediction"] != row["label"]


def test_a_teacher_stands_beside_it_whatever_the_order_of_its_outputs(
    teacher: Path, untrained: Path, folder: Path
) -> None:
    write_csv(folder / "rows.csv", ROWS)
    other = ad.load(untrained).predict([text for text, _ in ROWS])
    labels = [label for _, label in ROWS]

    found = evaluated(teacher, "rows.csv", "--teacher", untrained)

    beside = found["teacher"]
    assert beside["scores"]["accuracy"]["value"] == pytest.approx(accuracy_score(labels, other))
    assert beside["gain"]["value"] == pytest.approx(
        found["scores"]["accuracy"]["value"] - accuracy_score(labels, other)
    )
    assert beside["gain"]["low"] < beside["gain"]["value"] < beside["gain"]["high"]
    assert 0 < beside["agreement"] < 1


def test_a_file_of_soft_labels_may_be_the_teacher(teacher: Path, folder: Path) -> None:
    write_csv(folder / "rows.csv", ROWS)
    soft = pd.DataFrame({"text": [t for t, _ in ROWS], "neg": [x == "neg" for _, x in ROWS]})
    soft.assign(neg=0.1 + 0.8 * soft["neg"], pos=0.9 - 0.8 * soft["neg"]).to_csv("soft.csv")

    found = evaluated(teacher, "rows.csv", "--teacher", "soft.csv")

    assert found["teacher"]["scores"]["accuracy"]["value"] == 1.0


def test_another_student_may_be_the_teacher(teacher: Path, untrained: Path, folder: Path) -> None:
    write_csv(folder / "rows.csv", ROWS)
    shutil.copytree(untrained, folder / "other")
    (folder / "other/recipe.toml").touch()

    assert 0 < evaluated(teacher, "rows.csv", "--teacher", "other")["teacher"]["agreement"] < 1


@pytest.mark.parametrize(
    ("metric", "first"), [("matthews", "matthews"), ("agreement", "accuracy"), (None, "accuracy")]
)
def test_the_study_s_metric_comes_first(
    metric: str | None, first: str, teacher: Path, folder: Path
) -> None:
    write_csv(folder / "rows.csv", ROWS)
    shutil.copytree(teacher, folder / "student")
    if metric:
        (folder / "student/metrics.json").write_text(json.dumps({"metric": metric}))

    assert next(iter(evaluated("student", "rows.csv")["scores"])) == first


def test_numbers_are_read_as_the_classes_in_order_and_said_so(teacher: Path, folder: Path) -> None:
    write_csv(folder / "names.csv", ROWS)
    write_csv(folder / "numbers.csv", [(t, str(int(x == "pos"))) for t, x in ROWS])

    wanted = evaluated(teacher, "names.csv")
    ran = run_cli("evaluate", teacher, "numbers.csv", "--json", "scores.json")

    assert json.loads((folder / "scores.json").read_text())["scores"] == wanted["scores"]
    says(ran.err, "labels are read as the student's classes in order: 0 is 'neg', 1 is 'pos'")


def test_classes_that_a_file_declares_are_matched_by_name(teacher: Path, folder: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    write_csv(folder / "names.csv", ROWS)
    feature = {"_type": "ClassLabel", "names": ["pos", "neg"]}  # the other order
    metadata = {"huggingface": json.dumps({"info": {"features": {"label": feature}}})}
    rows = [{"text": t, "label": int(x == "neg")} for t, x in ROWS]
    table = pa.Table.from_pylist(rows).replace_schema_metadata(metadata)
    pq.write_table(table, folder / "rows.parquet")

    found = evaluated(teacher, "rows.parquet")

    assert found["scores"] == evaluated(teacher, "names.csv")["scores"]


def test_a_row_without_a_label_is_left_out_and_told_of(teacher: Path, folder: Path) -> None:
    rows = [*sentences(200, seed=8), ("a text", "")]
    write_csv(folder / "rows.csv", rows)

    ran = run_cli("evaluate", teacher, "rows.csv")

    says(ran.err, "1 of 201 rows of rows.csv have no label and are left out")
    says(ran.out, "Scores on 200 rows")


@pytest.mark.parametrize(
    ("rows", "words", "parts"),
    [
        ("text,label\na,good\nb,neg\n", (), ["labels that the student", "does not know: good"]),
        ("text,note\na,b\n", (), ["no label column in rows.csv", "label=COLUMN"]),
        ("", (), ["rows.csv is empty"]),
        ("text,label\na,\nb,\n", (), ["no label"]),
        ("text,label\na,neg\n", ("--teacher", "nowhere/x"), ["teacher 'nowhere/x'"]),
        ("text,label\na,neg\n", ("--teacher", "soft.csv"), ["soft.csv does not exist"]),
        ("text,label\na,neg\n", ("--json", "no/x.json"), ["--json no/x.json", "does not exist"]),
        ("text,label\na,neg\n", ("--column", "label=y"), ["unknown column 'y'"]),
    ],
)
def test_a_mistake_is_one_message(
    rows: str, words: tuple[str, ...], parts: list[str], teacher: Path, folder: Path
) -> None:
    (folder / "rows.csv").write_text(rows)

    ran = run_cli("evaluate", teacher, "rows.csv", *words)

    assert (ran.code, ran.out) == (2, "")
    says(ran.err, *parts)
    assert "Traceback" not in ran.err


def test_a_misspelled_file_or_a_folder_is_one_message(teacher: Path, folder: Path) -> None:
    write_csv(folder / "rows.csv", ROWS)

    says(run_cli("evaluate", teacher, "row.csv").err, "Did you mean 'rows.csv'?")
    says(run_cli("evaluate", teacher, ".").err, ". is a folder; give one labelled file")


def test_images_for_a_student_of_texts_are_one_message(teacher: Path, folder: Path) -> None:
    image_folder(folder / "pictures", 12)

    ran = run_cli("evaluate", teacher, "pictures")

    assert ran.code == 2
    says(ran.err, "pictures has images", "reads texts")
