"""Shares of stages: bars of a few studies, a map of many."""

from autodistill.registry import families
from autodistill.report.figures.stages import MOST_BARS
from autodistill.study.results import StudyResult
from tests.surveys import survey


def many(lift: float) -> dict[str, StudyResult]:
    return {f"s{i}": survey(mixup=lift, dataset=f"set/{i}") for i in range(MOST_BARS + 1)}


def test_a_few_studies_are_bars_and_many_are_a_map() -> None:
    few = dict(list(many(0.03).items())[:MOST_BARS])

    assert {trace.type for trace in families.build("figures", "stages", {}).draw(few, {}).data} == {
        "bar",
        "scatter",
    }
    (cells,) = families.build("figures", "stages", {}).draw(many(0.03), {}).data
    assert cells.type == "heatmap"
    assert list(cells.x) == [f"set/{i}" for i in range(MOST_BARS + 1)]


def test_a_map_numbers_what_is_more_than_chance_only() -> None:
    (lifted,) = families.build("figures", "stages", {}).draw(many(0.03), {}).data
    (flat,) = families.build("figures", "stages", {}).draw(many(0.0), {}).data

    assert all(lifted.text[list(lifted.y).index("mixup")])
    assert not any(flat.text[list(flat.y).index("mixup")])


def test_two_studies_of_one_dataset_keep_their_names() -> None:
    same = {f"s{i}": survey(mixup=0.03, dataset="set") for i in range(MOST_BARS + 1)}

    (cells,) = families.build("figures", "stages", {}).draw(same, {}).data

    assert list(cells.x) == list(same)
