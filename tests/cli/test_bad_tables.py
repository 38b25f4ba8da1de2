"""Tables and folders of data that cannot teach: refused with the place."""

from pathlib import Path

import pytest

from tests.commands import refused, says
from tests.fakes import sentences, write_csv

pytestmark = pytest.mark.usefixtures("folder")


def table(text: str | bytes) -> Path:
    """A file of the working folder."""
    path = Path.cwd() / "data.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


LINES = "".join(f"text {i},{'ab'[i % 2]}\n" for i in range(40))


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ("", ["data.csv is empty"]),
        ("text,label\n", ["data.csv has columns (text, label) but no rows"]),
        (
            "text,note\n" + LINES,
            ["no label column", "data.csv", "text, note", "label=COLUMN"],
        ),
        (
            "text,label\n" + LINES.replace(",b", ",a"),
            ["column 'label'", "data.csv", "only one class ('a')"],
        ),
        (
            "text,label\n" + LINES.replace("text 1,", " ,"),
            ["data.csv: empty text at row 3", "remove this row"],
        ),
        (
            b"text,label\ncaf\xe9,a\n" + LINES.encode(),
            ["data.csv is not UTF-8", "0xe9", "line 2", "WINDOWS-1252 if 'café' is right"],
        ),
        ("text,label\nx,a\ny,b\nz,a\n", ["data.csv has 3 rows, too few", "at least 20"]),
        (
            "text,label\n" + LINES + "only one field\n",
            ["data.csv, line 42", "1 fields but 2 in the header"],
        ),
        (
            "text,label\n" + "".join(f"text {i},{i}\n" for i in range(40)),
            ["column 'label'", "40 different values in 40 rows"],
        ),
    ],
    ids=[
        "empty",
        "no rows",
        "no labels",
        "one class",
        "empty text",
        "latin-1",
        "3 rows",
        "short line",
        "an id",
    ],
)
def test_a_table_that_cannot_teach_is_refused_with_the_place(
    content: str | bytes, parts: list[str]
) -> None:
    says(refused("--dataset", table(content)), *parts)


def test_a_folder_without_a_train_split_is_answered_with_what_it_holds(folder: Path) -> None:
    (folder / "data").mkdir()
    for name in ("learn", "exam"):
        write_csv(folder / "data" / f"{name}.csv", sentences(40))

    says(
        refused("--dataset", "data"),
        "data has no train split",
        "exam, learn",
        "Name its files train, validation and test",
    )


def test_a_metric_for_two_classes_is_refused_for_three() -> None:
    path = table("text,label\n" + "".join(f"text {i},{'abc'[i % 3]}\n" for i in range(60)))

    says(
        refused("--dataset", path, "--metric", "f1"),
        "metric 'f1' is for 2 classes",
        "has 3",
        "macro_f1",
    )
