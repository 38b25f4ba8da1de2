"""A study full of trials, and what one more costs in a search."""

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
from benchmarks.growth import growth
from benchmarks.past import NAME, fill
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


@pytest.mark.slow
@pytest.mark.parametrize("filled", [0, 40])
def test_every_part_and_every_kind_of_run_is_timed_and_every_statement_counted(
    filled: int,
) -> None:
    sizes = (filled + 40, filled + 60)

    found = growth(sizes, filled=filled, space="text", limits=True, say=say)

    for size in sizes:
        parts = [found[f"{part}_ms_at_{size}"] for part in ("ask", "store", "tell")]
        assert 0 < min(parts) < found[f"ms_at_{size}"]
        kinds = {"first", "longer", "repeat"}
        assert {k for k in kinds if found.get(f"{k}_ms_at_{size}", 0) > 0} == kinds
        assert found[f"mb_at_{size}"] > 50
        assert found[f"optuna_statements_at_{size}"] > found[f"optuna_commits_at_{size}"] > 1
        # one transaction: the study, the outcome, its environment (new or not), its curve; and
        # the heartbeats, one or two of two statements
        assert 1 < found[f"ours_commits_at_{size}"] < 4
        assert 5 < found[f"ours_statements_at_{size}"] < 12
