"""The list of runs: filtered, sorted, in pages."""

from dataclasses import replace

import pytest

pytest.importorskip("optuna_dashboard")

from autodistill.report.server.runs import (
    PER_PAGE,
    Asked,
    run_rows,
    select,
    without_knobs,
)
from autodistill.report.server.sparkline import sparkline
from autodistill.search.running import RunningTrial, recipe_of
from autodistill.study.results import StudyResult
from tests.records import outcome, pipeline
from tests.surveys import survey

RECORD = survey(250, mixup=0.1)
ROWS = run_rows(RECORD, (), {})


def test_words_of_the_filter_have_to_be_there_all() -> None:
    both = select(ROWS, Asked("embedding skip"))

    expected = [
        trial.number
        for trial in RECORD.outcomes
        if "embedding" in str(trial.pipeline) and "@skip" in str(trial.pipeline)
    ]
    assert both.found == len(expected)
    assert {row.trial for row in both.rows} <= set(expected)


@pytest.mark.parametrize("down", [True, False])
def test_rows_without_a_value_come_last_in_both_directions(down: bool) -> None:
    rows = [replace(ROWS[0], trial=900, score=None), *ROWS[:5]]

    shown = select(rows, Asked(sort="score", down=down)).rows

    scores = [row.score for row in shown[:-1]]
    assert shown[-1].trial == 900
    assert scores == sorted(scores, reverse=down)  # type: ignore[type-var]


def test_pages_hold_every_row_once() -> None:
    pages = [select(ROWS, Asked(page=n)) for n in (1, 2, 3)]

    assert [row.trial for page in pages for row in page.rows] == list(range(249, -1, -1))
    assert {page.pages for page in pages} == {3}
    assert len(pages[0].rows) == PER_PAGE
    assert select(ROWS, Asked(page=99)).rows == pages[2].rows


def test_a_row_is_made_once() -> None:
    known = {row.trial: row for row in ROWS}

    assert run_rows(RECORD, (), known)[7] is ROWS[7]


def test_a_trial_that_has_ended_is_not_under_way() -> None:
    record = StudyResult(RECORD.study, (outcome(0, 0.8),), facts=RECORD.facts)
    running = [RunningTrial(n, "cut", str(pipeline()), "", ((1, 0.6),), "") for n in (0, 1)]

    rows = run_rows(record, running, {})

    assert [(row.trial, row.state, row.score) for row in rows] == [
        (0, "complete", 0.8),
        (1, "running", 0.6),
    ]


def test_a_recipe_as_text_is_shortened_to_losses_and_stages() -> None:
    recipe = RECORD.outcomes[0].pipeline

    text = without_knobs(recipe_of({"pipeline": str(recipe)})[1])

    assert text == ROWS[0].recipe
    assert without_knobs("") == ""


def test_a_line_keeps_the_scale_of_all_lines() -> None:
    low, high = sparkline(((1, 0.0), (4, 1.0)), 0.0, 1.0, 4), sparkline(((4, 1.0),), 0.0, 2.0, 4)

    assert 'points="19,16 70,2"' in low
    assert 'cx="70" cy="9"' in high
    assert 'aria-label="scores at rungs: 0, 1"' in low
