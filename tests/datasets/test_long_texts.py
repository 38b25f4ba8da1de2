"""Texts of a million characters: no step of loading takes more than linear time."""

import time

import numpy as np
import pytest

from autodistill.datasets import Rows, load
from autodistill.datasets._personal import personal_share

from .conftest import Writer

SHAPES = (
    "a@",
    "a.",
    "@.",
    ".@",
    "x@y.",
    "1",
    "1-",
    "12-----",
    "-",
    "@",
    "(",
    "(0)",
    "+",
    "a",
    "A",
    "aA",
    "Aa ",
    "www.",
    "http://",
    "é",
    "\u200b",
    '""',
    "\\",
    "你",
)
SMALL = 30_000
"""Characters: 30 times fewer than are to take a second at most."""


@pytest.mark.parametrize("shape", SHAPES)
def test_addresses_are_looked_for_in_linear_time(shape: str) -> None:
    """Quadratic time would take 10 seconds, linear time a hundredth of a second."""
    rows = Rows((shape * (SMALL // len(shape)),), None, np.array([0]))

    begin = time.process_time()
    personal_share(rows)

    assert time.process_time() - begin < 0.5


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.jsonl"])
def test_files_with_long_texts_of_every_shape_are_read_in_linear_time(
    write: Writer, name: str
) -> None:
    plain = [shape for shape in SHAPES if '"' not in shape and "\\" not in shape]
    rows = [{"text": f"{i} {plain[i % len(plain)] * 50_000}", "label": i % 2} for i in range(40)]
    path = write(name, rows)

    begin = time.process_time()
    task = load(str(path))

    assert time.process_time() - begin < 5
    assert len(task.train) == 26


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("write to ann@example.org today", 1 / 4),
        ("see https://example.org or www.example.org", 2 / 4),
        ("call +49 (0)30 123456 or @ann", 2 / 6),
        ("so said John Smith yesterday", 2 / 5),
        ("nothing a@b here 1234", 1 / 4),
    ],
)
def test_personal_words_are_counted_as_before(text: str, share: float) -> None:
    rows = Rows((text,), None, np.array([0]))

    assert personal_share(rows)[0] == pytest.approx(share)
