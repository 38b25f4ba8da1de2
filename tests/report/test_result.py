"""A search in Python is the command line's search: same study, same numbers, same page."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import autodistill as ad
from autodistill.analysis.leaderboard import LeaderRow
from autodistill.study.results import StudyResult
from tests.commands import run_cli
from tests.fakes import sentences

TRIALS = 5


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a study database."""
    return tmp_path_factory.mktemp("front")


@pytest.fixture(scope="module")
def question(place: Path, teacher: Path) -> ad.Study:
    """About a frame in memory, kept in a cache folder of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTODISTILL_HOME", str(place / "home"))
        frame = pd.DataFrame(sentences(400), columns=["text", "label"])
        return ad.Study(frame, teacher=teacher, limits={"params": "5M"})


@pytest.fixture(scope="module")
def result(place: Path, question: ad.Study) -> ad.SearchResult:
    """A search that has ended."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTODISTILL_HOME", str(place / "home"))
        return ad.search(question, trials=TRIALS, workers=2, storage=place / "own.db", past=False)


def test_a_search_runs_its_trials_and_knows_its_question(
    result: ad.SearchResult, question: ad.Study
) -> None:
    assert len(result.trials) == TRIALS
    assert {t.status for t in result.trials} == {"complete"}
    assert result.study.dataset == question.dataset
    assert result.study.limits == {"params": 5e6}
    assert isinstance(result.study, ad.Study)


def test_the_leaderboard_shows_the_numbers_that_the_command_line_prints(
    result: ad.SearchResult, place: Path
) -> None:
    board = result.leaderboard()

    printed = run_cli("recommend", "--study", result.name, "--storage", place / "own.db").out
    shown = board[(board.kind == "teacher") | (board.kind == "recipe")]
    lines = [line.split() for line in printed.splitlines()]
    for row in shown.itertuples():
        trial = "teacher" if row.kind == "teacher" else str(row.trial)
        told = [trial, f"{row.score:.4f}", f"{row.low:.4f}", "to", f"{row.high:.4f}"]
        assert told in [line[:5] for line in lines], printed


def test_the_leaderboard_has_a_row_for_teacher_recipes_and_baselines(
    result: ad.SearchResult,
) -> None:
    board = result.leaderboard()

    assert list(board.columns) == list(LeaderRow.__dataclass_fields__)
    assert board.kind.iloc[0] == "teacher"
    assert {"teacher", "recipe", "baseline"} == set(board.kind)
    assert set(board.baseline) >= {"alone"}
    assert (board.mark == "recommended").sum() == 1
    assert board.params.dtype == "Int64"


def test_the_leaderboard_ends_with_what_needs_no_network(result: ad.SearchResult) -> None:
    last = result.leaderboard().tail(2)

    assert set(last.baseline) == {"tfidf", "majority"}
    assert (last.low <= last.score).all()
    assert last.trial.isna().all()


def test_the_summary_is_what_recommend_prints(result: ad.SearchResult, place: Path) -> None:
    printed = run_cli("recommend", "--study", result.name, "--storage", place / "own.db").out

    assert result.summary in printed


def test_the_recommended_recipe_is_saved_as_the_command_line_writes_it(
    result: ad.SearchResult, place: Path, tmp_path: Path
) -> None:
    result.recommendation.recipe.save(str(tmp_path / "ours.toml"))

    run_cli(
        "recommend",
        "--study",
        result.name,
        "--storage",
        place / "own.db",
        "--out",
        tmp_path / "its.toml",
    )
    assert (tmp_path / "ours.toml").read_text() == (tmp_path / "its.toml").read_text()
    assert result.recommendation.evidence["study"] == result.name


def test_a_study_is_loaded_again_by_its_name(result: ad.SearchResult, place: Path) -> None:
    again = ad.load_study(result.name, storage=place / "own.db")

    assert again.trials == result.trials
    pd.testing.assert_frame_equal(again.leaderboard(), result.leaderboard())


def test_the_same_search_again_runs_nothing_more(
    result: ad.SearchResult, question: ad.Study, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTODISTILL_HOME", str(place / "home"))

    again = ad.search(question, trials=TRIALS, storage=place / "own.db", past=False)

    assert again.name == result.name
    assert again.trials == result.trials


def test_a_result_shows_itself_in_a_notebook(result: ad.SearchResult) -> None:
    html = result._repr_html_()

    assert result.name in html
    assert "<table" in html
    assert len(html) < 20_000
    assert f"{TRIALS} runs" in repr(result)


def test_a_report_of_a_result_is_the_page_of_the_study(
    result: ad.SearchResult, place: Path, tmp_path: Path
) -> None:
    page = ad.report([result, result.name], tmp_path / "page.html", storage=place / "own.db")

    assert page == tmp_path / "page.html"
    assert result.name in page.read_text(encoding="utf-8")


def test_a_study_without_a_complete_run_has_an_empty_leaderboard(question: ad.Study) -> None:
    empty = ad.SearchResult("new", StudyResult(question))

    assert empty.leaderboard().empty
    assert "no complete run of a recipe yet" in empty._repr_html_()
    with pytest.raises(ad.SpecError, match="no complete run yet"):
        _ = empty.recommendation


@pytest.mark.slow
def test_a_student_is_trained_and_predicts(
    result: ad.SearchResult, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTODISTILL_HOME", str(place / "home"))

    student = ad.train(result.recommendation.recipe, place / "student", storage=place / "own.db")

    texts = [text for text, _ in sentences(20, seed=9)]
    assert (
        np.mean([a == b for a, (_, b) in zip(student.predict(texts), sentences(20, seed=9))]) > 0.8
    )
    again = ad.Student(place / "student")
    assert again.labels == ("neg", "pos")
    assert again.metrics["test_rows"] == 80
    np.testing.assert_array_equal(again.predict_proba(texts), student.predict_proba(texts))
    assert student.predict_proba(texts).sum(1) == pytest.approx(1.0)
    assert student.predict([]) == []
    with pytest.raises(ad.SpecError, match="a list of texts, not one text"):
        student.predict("one text")
    with pytest.raises(ad.SpecError, match="exists already"):
        ad.train(result.recommendation.recipe, place / "student", storage=place / "own.db")


def test_a_plan_is_made_without_keeping_anything(
    question: ad.Study, folder: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTODISTILL_HOME", str(place / "home"))

    plan = ad.plan(question, trials=7, workers=2)

    assert plan.runs == 7
    assert plan.seconds > 0
    assert list(folder.iterdir()) == []
