"""The best of a study is one number, wherever it is shown."""

from dataclasses import replace
from pathlib import Path

import optuna
import pytest

from autodistill.report.build import report_of
from autodistill.report.figures.history import History
from autodistill.report.result import load_study
from autodistill.report.server.library import Library
from autodistill.report.server.notes import LibraryNotes
from autodistill.search.ask_tell import AskTell
from autodistill.search.objective import Front, Score
from autodistill.search.optuna_storage import open_storage
from autodistill.search.optuna_study import remembered
from autodistill.search.optuna_view import OptunaView
from autodistill.search.running import RunningTrials
from autodistill.search.trial_lines import trial_line
from autodistill.storage import Store
from autodistill.storage.watch import Watch
from autodistill.study.best import best_score
from tests.commands import run_cli
from tests.records import outcome, write_study
from tests.search.sittings import SPACE

BEST = 0.85
RUNS = (
    outcome(0, 0.80),
    outcome(1, BEST),
    replace(outcome(1, 0.99, "stopped"), number=2, seed=1),  # a repeat that was cut off
    replace(outcome(1, 0.83), number=3, seed=2),
    replace(outcome(4, 0.91), baseline="alone"),
    replace(outcome(5, 0.98, "stopped"), baseline="vanilla"),
    outcome(6, 0.97, "stopped"),
)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A study with runs, a repeat and baselines, of which some were cut off."""
    return write_study(tmp_path / "s.db", *RUNS)


def library(url: str) -> Library:
    """The studies as the dashboard reads them."""
    return Library(Watch(url), RunningTrials(url))


def test_the_list_of_studies_the_answer_python_and_optuna_name_the_same_best(
    database: Path,
) -> None:
    store = Store(str(database))
    AskTell("tiny", SPACE, store.url, seed=0, history=store.record("tiny"))

    view = OptunaView(open_storage(store.url), LibraryNotes(library(store.url)))
    study = optuna.load_study(study_name="tiny", storage=view)
    listed = run_cli("ls", "studies", "--storage", database).out
    shown = run_cli("recommend", "--study", "tiny", "--storage", database).out
    found = load_study("tiny", storage=database)
    assert study.best_value == BEST
    (line,) = library(store.url).lines()
    assert store.studies()[0].best == found.record.best == line.best == BEST
    assert f"{BEST:.4f}" in next(line for line in listed.splitlines() if line.startswith("tiny"))
    best = f"The best single run of a recipe scores {BEST:.4f} (trial 1)"
    assert best in " ".join(shown.split())  # wherever a line ends
    assert f"best {BEST:.4f}" in repr(found)


def test_the_page_and_its_figure_name_the_same_best(database: Path) -> None:
    record = Store(str(database)).record("tiny")

    page = report_of({"tiny": record}, None, "report")
    figure = History().draw({"tiny": record}, {})

    assert f"The best single run of a recipe scores {BEST:.4f}" in page
    assert figure is not None
    (line,) = (trace for trace in figure.data if trace.name == "best recipe so far")
    assert line.y[-1] == BEST


@pytest.mark.parametrize("changes", [{"seed": 1}, {"baseline": "alone"}])
def test_a_repeat_or_baseline_that_was_cut_off_has_no_value_in_optuna(
    changes: dict[str, object],
) -> None:
    cost = {"latency_ms": 1.0, "size_bytes": 4e6}
    cut = replace(outcome(0, 0.99, "stopped"), cost=cost, **changes)  # type: ignore[arg-type]

    for objective in (Score(), Front(())):
        assert remembered(objective, cut).values in (None, [])


def test_a_trial_s_line_shows_the_best_so_far_and_no_cut_off_run_as_a_result() -> None:
    repeat = replace(outcome(1, 0.99, "stopped"), seed=1)

    line = trial_line(repeat, best_score([*RUNS, repeat]), 1.0, "7 of 9")

    assert line.split()[:5] == ["trial", "1", "stopped", "0.9900", "best"]
    assert f"best {BEST:.4f}" in line


def test_a_line_names_the_student_and_its_size() -> None:
    line = trial_line(replace(RUNS[0], cost={"params": 1_550_000.0}), 0.9, 1.0, "7 of 9")

    assert "7 of 9  cut 1.55M · " in line
