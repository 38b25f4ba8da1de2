"""Two curves in one table."""

from io import StringIO

from rich.console import Console

from benchmarks.baseline.curves import draw, merge

SLOW, FAST = [(100.0, 0.7), (200.0, 0.6), (300.0, 0.8)], [(20.0, 0.75), (120.0, 0.79)]


def test_a_row_for_each_improvement_in_the_order_of_time() -> None:
    assert merge(SLOW, FAST) == [
        (20, (None, 0.75)),
        (100, (0.7, 0.75)),
        (120, (0.7, 0.79)),
        (300, (0.8, 0.79)),
    ]


def test_a_program_without_a_complete_trial_leaves_its_column_empty() -> None:
    assert merge([], [(5.0, 0.5)]) == [(5, (None, 0.5))]


def test_the_table_shows_seconds_and_both_scores() -> None:
    text = StringIO()

    Console(file=text, width=100).print(draw(SLOW, FAST))

    lines = [line for line in text.getvalue().splitlines() if "0.79" in line]
    assert [line.replace("│", " ").split() for line in lines] == [
        ["120", "0.7000", "0.7900"],
        ["300", "0.8000", "0.7900"],
    ]
