"""Quotes, delimiters and headers: no row is lost, and what is unclear is named by its line."""

import csv
import io
import random
from pathlib import Path

import pytest

from autodistill.datasets import Task, load
from autodistill.datasets._delimited import read_delimited
from autodistill.errors import DataError

from .conftest import Writer

LINES = [f"text number {i},{'ab'[i % 2]}" for i in range(60)]


def csv_of(*changes: tuple[int, str], head: str = "text,label") -> str:
    """Sixty rows below this header, with some lines replaced."""
    lines = [head, *LINES]
    for number, line in changes:
        lines[number + 1] = line
    return "\n".join(lines) + "\n"


def texts(task: Task) -> set[str]:
    """All texts of a task."""
    return {*task.train.first, *task.selection.first, *task.test.first}


def test_a_tsv_without_quoting_keeps_every_row(write: Writer) -> None:
    body = csv_of((7, '"text number 7,b'), (30, 'text number 30",a')).replace(",", "\t")

    task = load(str(write("a.tsv", body)))

    assert len(texts(task)) == 60
    assert {'"text number 7', 'text number 30"'} <= texts(task)
    assert "quotation marks in a.tsv are read as characters of the texts" in task.notes


def test_a_tsv_with_quoting_is_read_with_it(write: Writer) -> None:
    body = csv_of((7, '"say ""hi"",\nyou",b'), (8, '"quoted",a')).replace(",", "\t")

    task = load(str(write("a.tsv", body)))

    assert {'say "hi"\t\nyou', "quoted"} <= texts(task)


def test_a_csv_text_over_several_lines_is_one_row(write: Writer) -> None:
    body = csv_of((7, '"Hello, dear\nyou there",b'), (9, '"a\n\nb, pos",b'))

    task = load(str(write("a.csv", body)))

    assert {"Hello, dear\nyou there", "a\n\nb, pos"} <= texts(task)
    assert len(texts(task)) == 60


def test_a_csv_quote_that_swallows_rows_is_named_by_its_line(write: Writer) -> None:
    body = csv_of((7, '"text number 7,b'), (30, 'text number 30",a'))

    with pytest.raises(DataError, match=r"a\.csv, line 9: a quotation mark opens a text that ends"):
        load(str(write("a.csv", body)))


def test_quotes_escaped_by_backslashes_are_named(write: Writer) -> None:
    body = csv_of((3, r'"say \"hi\" now",b'))

    with pytest.raises(DataError, match=r"line 5: .* a backslash does not mark a quote in CSV"):
        load(str(write("a.csv", body)))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", csv_of(head="text,label,,")),
        ("a.csv", csv_of(head="text,label,,").replace(",a", ",a,,").replace(",b", ",b,,")),
        ("a.csv", csv_of().replace("a\n", "a,\n")),
        ("a.csv", "\ufeff\ufeff" + csv_of()),
        ("a.csv", "\ufeff" + csv_of(head='"text","label"')),
        ("a.csv", "sep=|\n" + csv_of().replace(",", "|")),
        ("a.csv", csv_of().replace(",", "|")),
        ("a.tsv", csv_of()),
        ("a.csv", csv_of().replace("\n", "\r")),
        ("a.csv", csv_of().replace("a\n", "a\r\n").replace("b\n", "b\r")),
        ("a.csv", csv_of(head="text,label,n,n").replace(",a", ",a,1,2").replace(",b", ",b,1,2")),
        ("a.csv", ",".join(["", csv_of()]).replace("\n", "\n5,").removesuffix("5,")),
    ],
)
def test_odd_headers_and_line_ends_give_the_same_rows(write: Writer, name: str, text: str) -> None:
    expected = load(str(write("plain.csv", csv_of())))

    assert load(str(write(name, text))).fingerprint == expected.fingerprint


def test_the_column_that_is_needed_may_not_come_twice(write: Writer) -> None:
    body = csv_of(head="text,label,text").replace(",a", ",a,x").replace(",b", ",b,x")

    with pytest.raises(DataError, match="has the column 'text' twice"):
        load(str(write("a.csv", body)))


@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_a_missing_header_line_is_named(write: Writer, name: str) -> None:
    body = csv_of().partition("\n")[2].replace(",", "\t" if name == "a.tsv" else ",")

    with pytest.raises(
        DataError, match="is read as the names of the columns, but looks like a row"
    ):
        load(str(write(name, body)))


def test_values_behind_the_last_name_are_counted(write: Writer) -> None:
    body = csv_of((3, "text number 3,b,more"), head="text,label,")

    task = load(str(write("a.csv", body)))

    assert "1 rows of a.csv have values behind the last named column; they are not read" in (
        task.notes
    )


def test_every_line_with_a_wrong_number_of_fields_is_named(write: Writer) -> None:
    body = csv_of((3, "one"), (5, "one,b,three"))

    with pytest.raises(
        DataError, match=r"line 5: 1 fields but 2 in the header \(so are 2 lines: 5, 7\)"
    ):
        load(str(write("a.csv", body)))


WORDS = ("good", '"', '"quoted"', "it's", '5"', ";", "a\\b", '""', "film", " ")


def random_texts(draw: random.Random, more: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Thirty rows full of quotation marks."""
    return [
        (
            " ".join(draw.choices(WORDS + more, k=draw.randint(1, 8))).strip() or "x",
            draw.choice("ab"),
        )
        for _ in range(30)
    ]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_whatever_is_written_with_quotes_is_read_back(delimiter: str) -> None:
    draw = random.Random(0)
    for _ in range(60):
        rows = random_texts(draw, ("\n", "\r\n", "\t", ","))
        stream = io.StringIO()
        csv.writer(stream, delimiter=delimiter).writerows([("text", "label"), *rows])

        table = read_delimited(stream.getvalue(), Path("a.tsv" if delimiter == "\t" else "a.csv"))

        assert list(zip(*table.columns.values())) == rows


def test_a_tsv_written_without_quotes_never_loses_a_row() -> None:
    draw = random.Random(0)
    refused = 0
    for _ in range(100):
        rows = random_texts(draw)
        text = "text\tlabel\n" + "".join(f"{t}\t{label}\n" for t, label in rows)
        try:
            table = read_delimited(text, Path("a.tsv"))
        except DataError:
            refused += 1
            continue
        assert len(table.rows) == 30
    assert refused < 20
