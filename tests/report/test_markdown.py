"""A report as Markdown: tables that are tables, and data that stays text."""

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from autodistill.report.build import content_of
from autodistill.report.markdown import code, markdown, plain
from autodistill.study.results import StudyResult
from tests.report.studied import studied


@pytest.fixture(scope="module")
def record() -> StudyResult:
    """One study for all tests here."""
    return studied()


def written(record: StudyResult, name: str = "films") -> str:
    """The report of one study."""
    content = content_of({name: record}, None, "report")
    return markdown(content.title, content.sections, content.published)


def test_a_table_has_as_many_cells_in_each_row_as_in_its_head(record: StudyResult) -> None:
    lines = written(record).splitlines()
    rules = [i for i, line in enumerate(lines) if set(line) <= set("|-: ") and "---" in line]

    assert len(rules) > 5
    for rule in rules:
        rows = [lines[rule - 1]]
        for line in lines[rule + 1 :]:
            if not line.startswith("|"):
                break
            rows.append(line)
        assert {row.count("|") - row.count("\\|") for row in rows} == {lines[rule].count("|")}


def test_a_figure_is_the_table_behind_it(record: StudyResult) -> None:
    text = written(record)

    assert "## Gain over no teacher" in text
    assert "### Gain of each recipe over its student alone" in text
    assert "<div" not in text


def test_the_recommended_recipe_and_the_headline_come_first(record: StudyResult) -> None:
    text = written(record)

    assert text.startswith("# Distillation on reviews.csv: study films\n")
    assert text.index("## Recommended recipe") < text.index("## Score and speed")


HOSTILE = "a|b <img src=x onerror=alert(1)> [go](http://evil) *so* `x` # $1$ _u_ a_b"


def test_hostile_names_stay_text(record: StudyResult) -> None:
    assert record.selection is not None
    named = replace(record, selection=replace(record.selection, names=(HOSTILE, "calm", "glad")))

    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(written(named))

    assert "<img" not in html
    assert "<a " not in html
    assert "<em>" not in html


def test_a_text_reads_the_same_after_markdown() -> None:
    html = MarkdownIt("commonmark", {"html": True}).renderInline(plain(HOSTILE))

    assert html == HOSTILE.replace("<", "&lt;").replace(">", "&gt;")


def test_a_fence_is_longer_than_any_backticks_inside() -> None:
    assert code("a ``` b").startswith("````\n")
