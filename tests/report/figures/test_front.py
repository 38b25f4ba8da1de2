"""The figures of the front: points that can be told apart, axes that can be read."""

import math
from dataclasses import replace

import pytest

from autodistill.registry import families
from autodistill.report.figures._axes import axis_of, beside_each_other
from autodistill.report.figures._front import front_of
from autodistill.report.front_points import front_points, front_table
from autodistill.study.results import StudyResult
from autodistill.study.study import Study
from tests.analysis.test_sizes import KNOWN, sized
from tests.report.studied import studied


@pytest.fixture(scope="module")
def record() -> StudyResult:
    """One study for all tests here: its answer is computed once."""
    return studied()


def test_a_point_has_the_mean_score_and_the_costs_of_its_runs(record: StudyResult) -> None:
    scores = {o.number: o.score for o in record.outcomes}

    point = next(p for p in front_points(record, "films") if p.trial == 1)

    assert point.score == pytest.approx(scores[3])  # the fresh seed counts
    assert (point.latency_ms, point.size_bytes) == (8.9, 60e6)


def test_recommended_and_alone_look_different_and_sizes_are_named(record: StudyResult) -> None:
    looks = {p.trial: p.look for p in front_points(record, "films")}
    named = {p.trial: p.size_name for p in front_points(record, "films") if p.size_name}

    assert looks[0] == "recommended"
    assert (looks[4], looks[5]) == ("alone", "alone")
    assert named == {}, "one student is the recommended one of every size"


def test_the_front_is_what_no_other_point_beats(record: StudyResult) -> None:
    points = [(p.latency_ms or 0.0, p) for p in front_points(record, "films")]

    found = {p.trial for _, p in front_of(points)}

    beaten = {
        p.trial
        for cost, p in points
        if any(c <= cost and o.score >= p.score and o is not p for c, o in points)
    }
    assert found == {p.trial for _, p in points} - beaten


def test_the_figure_has_teacher_limit_and_a_legend_of_one_marker_size(
    record: StudyResult,
) -> None:
    figure = families.build("figures", "front", {}).draw({"films": record}, {})

    assert [a.text for a in figure.layout.annotations] == ["teacher", "limit"]
    assert figure.layout.template.layout.legend.itemsizing == "constant"
    assert "lower is faster" in figure.layout.xaxis.title.text


def test_each_size_is_named_at_its_recommended_student() -> None:
    record = StudyResult(
        Study("reviews.csv", metric="accuracy"),
        (sized(0, 0.90, 5e6), sized(1, 0.80, 3e6), sized(2, 0.60, 5e5)),
        facts=KNOWN,
    )

    figure = families.build("figures", "front_by_size", {}).draw({"films": record}, {})

    named = {a.text: a.y for a in figure.layout.annotations}
    assert named["smallest"] == 0.60
    assert named["balanced"] == 0.80
    assert named["best"] == 0.90


def test_texts_beside_a_cost_stand_where_a_logarithmic_axis_has_it(record: StudyResult) -> None:
    figure = families.build("figures", "front", {}).draw({"films": record}, {})

    limit = next(a for a in figure.layout.annotations if a.text == "limit")
    assert figure.layout.xaxis.type == "log"
    assert limit.x == pytest.approx(math.log10(9.0))


def test_the_table_behind_it_begins_with_the_highest_score(record: StudyResult) -> None:
    points = front_points(record, "films")

    table = front_table(points)

    assert [row[1] for row in table.rows] == sorted((p.score for p in points), reverse=True)
    assert table.columns[3].unit == "ms"


def test_a_wide_axis_is_logarithmic_and_its_marks_are_written_out() -> None:
    axis = axis_of([0.07, 9.0])

    assert axis["type"] == "log"
    assert axis["ticktext"] == ["0.05", "0.1", "0.2", "0.5", "1", "2", "5", "10"]


def test_over_many_decades_only_powers_of_ten_are_marked() -> None:
    assert axis_of([0.01, 1e4])["ticktext"] == ["0.01", "0.1", "1", "10", "100", "1,000", "10,000"]


def test_a_narrow_axis_starts_and_ends_a_little_beyond_its_values() -> None:
    low, high = axis_of([4.0, 8.0])["range"]

    assert low < 4.0
    assert high > 8.0


def test_equal_values_are_moved_apart_and_keep_their_middle() -> None:
    moved = beside_each_other([1.0, 1.0, 100.0])

    assert moved[0] < 1.0 < moved[1]
    assert math.sqrt(moved[0] * moved[1]) == pytest.approx(1.0)
    assert moved[2] == 100.0


def test_a_study_of_one_student_has_no_front() -> None:
    record = studied()
    one = tuple(o for o in record.outcomes if o.pipeline.student.name == "cut")

    figure = families.build("figures", "front", {}).draw({"a": replace(record, outcomes=one)}, {})

    assert figure is None
