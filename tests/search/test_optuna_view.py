"""Optuna's pages show recipes alone as results; nothing of it is stored."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import optuna
import pytest
from optuna.trial import TrialState

from autodistill.search.ask_tell import AskTell
from autodistill.search.optuna_storage import open_storage
from autodistill.search.optuna_view import NOTE_TEXT, NOTE_VERSION, OptunaView
from autodistill.storage import Store
from tests.records import outcome, write_study
from tests.search.sittings import SPACE

RUNS = (
    outcome(0, 0.80),
    outcome(1, 0.85),
    replace(outcome(2, 0.97), baseline="alone"),
    replace(outcome(3, 0.96), baseline="vanilla"),
)


class _Notes:
    """Knows the first two trials, and counts notes."""

    written = 0

    def studies(self) -> Mapping[str, Mapping[str, Any]]:
        return {"tiny": {"dataset": "reviews.csv"}}

    def note(self, name: str) -> str:
        self.written += 1
        return f"take {name}"

    def trials(self, name: str) -> Mapping[int, Mapping[str, Any]]:
        return {0: {"recipe": "kl"}, 1: {"recipe": "kl"}, 2: {"baseline": "alone"}}


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A study that Optuna's tables know, too."""
    store = Store(str(write_study(tmp_path / "s.db", *RUNS)))
    AskTell("tiny", SPACE, store.url, seed=0, history=store.record("tiny"))
    return store.url


def seen(url: str) -> optuna.Study:
    """The study as Optuna's pages see it."""
    view = OptunaView(open_storage(url), _Notes())
    return optuna.load_study(study_name="tiny", storage=view)


def test_the_best_value_is_a_recipe_s(url: str) -> None:
    assert optuna.load_study(study_name="tiny", storage=open_storage(url)).best_value == 0.97

    assert seen(url).best_value == 0.85


def test_a_baseline_is_there_and_counts_as_no_result(url: str) -> None:
    trials = {t.number: t for t in seen(url).trials}

    assert [trials[n].state for n in (0, 2, 3)] == [
        TrialState.COMPLETE,
        TrialState.PRUNED,
        TrialState.PRUNED,
    ]
    assert trials[2].user_attrs["baseline"] == "alone"


def test_trials_and_studies_have_readable_attributes_alone(url: str) -> None:
    study = seen(url)

    assert study.user_attrs == {"dataset": "reviews.csv"}
    assert study.trials[0].user_attrs["recipe"] == "kl"
    assert "pipeline" not in study.trials[0].user_attrs


def test_the_tables_and_the_search_s_trials_stay_as_they_are(url: str) -> None:
    before = optuna.load_study(study_name="tiny", storage=open_storage(url)).trials

    view = OptunaView(tables := open_storage(url), _Notes())
    view.get_all_trials(1)
    view.get_all_studies()

    assert tables.get_all_trials(1) == before
    assert tables.get_study_system_attrs(1).keys() <= {"study:metric_names"}
    assert tables.get_study_user_attrs(1) == {}


def test_the_note_is_written_when_it_is_looked_for(url: str) -> None:
    notes = _Notes()
    view = OptunaView(open_storage(url), notes)

    (study,) = view.get_all_studies()
    listed = notes.written

    assert NOTE_VERSION in study.system_attrs
    assert dict(study.system_attrs.items())[NOTE_TEXT] == "take tiny"
    assert (listed, notes.written) == (0, 1)


def test_a_person_s_note_stays(url: str) -> None:
    view = OptunaView(open_storage(url), _Notes())

    view.set_study_system_attr(1, NOTE_VERSION, 1)
    view.set_study_system_attr(1, NOTE_TEXT, "mine")

    assert view.get_study_system_attrs(1)[NOTE_TEXT] == "mine"


def test_a_trial_that_ends_later_is_shown_as_ended(url: str) -> None:
    view = OptunaView(tables := open_storage(url), _Notes())
    study = optuna.load_study(study_name="tiny", storage=tables)
    trial = study.ask()
    running = view.get_all_trials(1)[trial.number].state

    study.tell(trial, 0.9)

    ended = view.get_all_trials(1)[trial.number]
    assert (running, ended.state, ended.value) == (TrialState.RUNNING, TrialState.COMPLETE, 0.9)
