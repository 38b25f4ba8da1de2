"""A study full of trials, and what one more costs."""

from functools import partial
from pathlib import Path
from typing import Any

import optuna
import pytest
from optuna.trial import TrialState

from autodistill.search.ask_tell import AskTell
from autodistill.storage import Store
from autodistill.study import spaces
from autodistill.study.rules import Conditions
from autodistill.study.space import Space
from benchmarks.past import NAME, fill
from benchmarks.storage import storage
from tests.benchmarks.conftest import say


@pytest.fixture
def space() -> Space:
    """The real space for text."""
    return spaces.space("text").fit(Conditions())


def param_of(trial: optuna.trial.FrozenTrial, name: str, _: object) -> Any:
    """The value that Optuna remembers under this name."""
    return trial.params[name]


def test_the_written_trials_are_those_of_a_search_to_optuna_and_to_the_store(
    space: Space, tmp_path: Path
) -> None:
    store = Store(str(tmp_path / "a.db"))

    fill(store, space, 30)

    record = store.record(NAME)
    assert [o.number for o in record.outcomes] == list(range(30))
    questions = AskTell(NAME, space, store.url, seed=0, history=record)
    trials = questions.study.get_trials()
    assert len(trials) == 30
    assert {t.state for t in trials} == {TrialState.COMPLETE, TrialState.PRUNED}
    for trial, outcome in zip(trials, record.outcomes):
        assert trial.intermediate_values == dict(outcome.curve)
        assert space.sample(partial(param_of, trial)) == outcome.pipeline
        assert trial.user_attrs["pipeline"] == str(outcome.pipeline)
        assert trial.values == ([outcome.score] if outcome.status == "complete" else None)
    assert questions.ask(0.1).number == 30


def test_every_part_is_timed_and_every_statement_counted() -> None:
    found = storage((0, 20), trials=3, space="text", limits=True, say=say)

    for size in (0, 20):
        assert found[f"ms_at_{size}"] > 0
        parts = [found[f"{part}_ms_at_{size}"] for part in ("ask", "report", "store", "tell")]
        assert min(parts) > 0
        assert found[f"optuna_statements_at_{size}"] > found[f"optuna_commits_at_{size}"] > 1
        # one transaction: the study, the outcome, its environment (new or not), its curve
        assert found[f"ours_commits_at_{size}"] == 1
        assert 4 <= found[f"ours_statements_at_{size}"] <= 6
