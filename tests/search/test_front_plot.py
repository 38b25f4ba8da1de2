"""The drawing of scores against parameters for a terminal."""

from autodistill.search.front_plot import BEST, HEIGHT, LINE, OTHER, WIDTH, Point, plot

SMALL, LARGE = Point(1e6, 0.8, True), Point(16e6, 0.9, True)
BETWEEN = Point(4e6, 0.85, False)


def places(lines: list[str], mark: str) -> list[tuple[int, int]]:
    """Row and column of each mark."""
    return [(n, line.index(mark) - 10) for n, line in enumerate(lines) if mark in line]


def test_small_students_are_left_and_good_ones_above() -> None:
    lines = plot([SMALL, BETWEEN, LARGE])

    assert places(lines, BEST) == [(0, WIDTH - 1), (3, 0)]
    assert places(lines, OTHER) == [(2, round((WIDTH - 1) / 2))]
    assert lines[-1].split() == ["1M", "16M", "parameters"]


def test_the_teacher_is_a_line_at_its_score() -> None:
    lines = plot([SMALL, LARGE], teacher=0.95)

    assert lines[0].count(LINE) == WIDTH
    assert lines[0].startswith("  0.9500 ┤")


def test_a_student_at_the_teachers_score_stands_on_its_line() -> None:
    assert plot([SMALL, LARGE], teacher=0.9)[0].endswith(LINE + BEST)


def test_students_far_below_do_not_press_the_others_together() -> None:
    lines = plot([SMALL, LARGE, Point(2e6, 0.1, False)])

    assert not places(lines, OTHER)
    assert lines[HEIGHT - 1].strip().startswith("0.7750")


def test_students_of_one_size_are_no_drawing() -> None:
    assert plot([SMALL, Point(1e6, 0.7, False)]) == []
    assert plot([]) == []
