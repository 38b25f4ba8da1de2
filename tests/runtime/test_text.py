"""Prose that breaks between words, tables that do not break."""

import shlex

import pytest

from autodistill.runtime.text import (
    WIDEST_PADDING,
    fill,
    read_names,
    rows_as_lines,
    write_names,
)


def test_prose_breaks_between_words() -> None:
    assert fill("one two three four", 9) == "one two\nthree\nfour"


def test_a_word_that_is_too_wide_stays_whole() -> None:
    assert fill("see /a/long/path-with-hyphens now", 8) == "see\n/a/long/path-with-hyphens\nnow"


def test_what_goes_on_stands_behind_the_label() -> None:
    assert fill("  worth     not shown to help here", 24) == (
        "  worth     not shown to\n            help here"
    )


def test_lines_of_a_text_are_broken_one_by_one_and_empty_ones_stay() -> None:
    assert fill("a b\n\nc", 80) == "a b\n\nc"


def test_what_goes_on_stands_at_a_column_that_is_given() -> None:
    assert fill("--budget 20m  Total time", 19, hang=14) == (
        "--budget 20m  Total\n" + " " * 14 + "time"
    )


def test_a_row_is_one_line_and_a_long_cell_pads_no_other() -> None:
    long = "x" * (2 * WIDEST_PADDING)

    lines = rows_as_lines(("name", "knobs", "end"), [("a", long, "1"), ("bc", "", "2")]).split("\n")

    assert lines == [
        f"name  {'knobs':<{WIDEST_PADDING}}  end",
        f"a     {long}  1",
        f"bc    {'':<{WIDEST_PADDING}}  2",
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("neg,pos", ("neg", "pos")),
        (" neg , pos,", ("neg", "pos")),
        ('"Food, drinks",Garden', ("Food, drinks", "Garden")),
        ('Garden, "Food, drinks"', ("Garden", "Food, drinks")),
        ('3.5" disk,"say ""hi"""', ('3.5" disk', 'say "hi"')),
        ("", ()),
    ],
)
def test_names_with_commas_can_be_typed_in_quotes(text: str, names: tuple[str, ...]) -> None:
    assert read_names(text) == names


@pytest.mark.parametrize("names", [("a", "b"), ("a, b", 'c "d"', "it's"), ('"', "'"), ("x y", "é")])
def test_names_written_for_a_shell_are_read_as_they_were(names: tuple[str, ...]) -> None:
    assert read_names(*shlex.split(write_names(names))) == names


def test_quotes_that_do_not_match_are_refused() -> None:
    with pytest.raises(ValueError, match="unexpected end of data"):
        read_names('"Food, drinks')


def test_a_line_to_be_copied_stays_whole() -> None:
    line = "    --teacher-labels '" + "Food, drinks," * 20 + "'"

    assert fill(f"try\n{line}", 40, hang=0) == f"try\n{line}"
