"""Files of the user's own: what is read, and what every mistake is answered with."""

from pathlib import Path

import pytest

from autodistill.datasets import load

from .conftest import Writer, rows_of


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.jsonl", "a.parquet"])
def test_every_format_gives_the_same_task(write: Writer, name: str) -> None:
    reference = load(str(write("b.jsonl", rows_of(40))))

    task = load(str(write(name, rows_of(40))))

    assert task.fingerprint == reference.fingerprint
    assert task.label_names == ("0", "1")


def test_byte_order_mark_and_windows_line_ends_change_nothing(write: Writer) -> None:
    plain = write("a.csv", rows_of(40))
    windows = write("b.csv", b"\xef\xbb\xbf" + plain.read_bytes().replace(b"\n", b"\r\n"))

    assert load(str(windows)).fingerprint == load(str(plain)).fingerprint


def test_semicolons_are_understood(write: Writer) -> None:
    lines = ["text;label", *(f"text, {i};{'ab'[i % 2]}" for i in range(20))]

    assert load(str(write("a.csv", "\n".join(lines)))).label_names == ("a", "b")


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ((10, 9), ("9", "10")),
        (("b", "a"), ("a", "b")),
        ((True, False), ("False", "True")),
        ((1.0, 0.0), ("0", "1")),
        ((" pos", "neg"), ("neg", "pos")),
        (("10", "9.0"), ("9", "10")),
        (("nan", "-1"), ("-1", "nan")),
    ],
)
def test_label_names_are_sorted_and_numbers_by_value(
    write: Writer, values: tuple[object, object], names: tuple[str, str]
) -> None:
    rows = [{"text": f"t{i}", "label": values[i % 2]} for i in range(20)]

    assert load(str(write("a.jsonl", rows))).label_names == names


def test_pairs_are_found_by_name(write: Writer) -> None:
    rows = [{"Premise": f"p{i}", "hypothesis": f"h{i}", "target": i % 2} for i in range(20)]

    task = load(str(write("a.jsonl", rows)))

    assert task.train.second is not None
    assert {(a[1:], a[0], b[0]) for a, b in zip(task.train.first, task.train.second)} <= {
        (str(i), "p", "h") for i in range(20)
    }


def test_named_columns_win_over_guessed_ones(write: Writer) -> None:
    rows = [{"text": "same", "real": f"r{i}", "label": 0, "truth": i % 2} for i in range(20)]

    task = load(str(write("a.jsonl", rows)), columns={"text": "real", "label": "truth"})

    assert task.train.first[0].startswith("r")
    assert task.train.second is None
    assert task.classes == 2


def test_splits_of_a_folder_are_told_by_file_names(write: Writer, tmp_path: Path) -> None:
    write("d/train_v2.csv", rows_of(40))
    write("d/dev.csv", rows_of(20, start=100))
    write("d/testing.csv", rows_of(22, start=200))
    write("d/readme.txt", "hello")
    write("d/extra.csv", "broken")

    task = load(str(tmp_path / "d"))

    assert (len(task.train), len(task.selection), len(task.test)) == (32, 8, 22)
    assert task.notes == (
        "split not used: extra",
        "the validation split is not used: validation rows are taken from train",
    )


def test_shards_are_joined(write: Writer, tmp_path: Path) -> None:
    write("d/train-00000-of-00002.parquet", rows_of(20))
    write("d/train-00001-of-00002.parquet", rows_of(20, start=20))

    task = load(str(tmp_path / "d"))

    assert len(task.train) + len(task.selection) + len(task.test) == 40


def test_a_test_file_without_labels_is_not_used(write: Writer, tmp_path: Path) -> None:
    write("d/train.jsonl", rows_of(40))
    write("d/valid.jsonl", rows_of(20, start=100))
    write("d/test.jsonl", [{"text": f"t{i}"} for i in range(20)])

    task = load(str(tmp_path / "d"))

    assert set(task.test.first) == {f"text number {100 + i}" for i in range(20)}
    assert "the test split has no labels and is not used" in task.notes
