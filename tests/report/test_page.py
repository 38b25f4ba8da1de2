"""An answer as HTML: a real table, sentences as paragraphs, commands as code."""

import re
from itertools import pairwise

from autodistill.report.page import Section, page
from tests.report.test_terminal import ANSWER, LONG_COMMAND, PIPELINE


def html() -> str:
    """The page of a small answer."""
    return page(ANSWER.title, [Section(ANSWER.title, ANSWER)], {})


def test_the_title_stands_once_above_and_in_the_window() -> None:
    assert f"<title>{ANSWER.title}</title>" in html()
    assert f"<h1>{ANSWER.title}</h1>" in html()
    assert 'id="part-1"' not in html()


def test_the_table_has_heads_with_units_and_rows_with_values() -> None:
    (first, _) = re.findall(r"<table>(.*?)</table>", html(), re.DOTALL)

    assert re.findall(r"<th [^>]*>(.*?)</th>", first) == [
        "trial",
        "score",
        "latency (ms)",
        "pipeline",
    ]
    assert re.findall(r"<td[^>]*>(.*?)</td>", first) == [
        *("teacher", "0.9000", "", "embedded"),
        *("12", "0.8568", "6.49", PIPELINE),
    ]


def test_headings_follow_each_other_without_a_gap_and_tables_have_captions() -> None:
    levels = [int(level) for level in re.findall(r"<h(\d)", html())]

    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))
    assert html().count("<caption>") == html().count("<table>")


def test_the_recommended_row_is_marked() -> None:
    assert re.search(r'<tr class="chosen"><td class="right">12</td>', html())


def test_sentences_are_paragraphs_and_commands_are_code() -> None:
    assert f"<p>{ANSWER.summary}</p>" in html()
    assert f"<dt>Score</dt><dd><p>{ANSWER.findings[0].text}</p></dd>" in html()
    assert f"<code>{LONG_COMMAND}</code>" in html()


def test_a_study_without_an_answer_says_why() -> None:
    text = page("Studies", [Section("One", no_answer="no complete run yet")], {})

    assert "<p>no complete run yet</p>" in text


def test_what_a_person_named_with_markup_is_escaped() -> None:
    assert "<h1>a &lt;b&gt; c</h1>" in page("a <b> c", [], {})
