"""Optuna's tables and ours in one database."""

from collections.abc import Callable

import alembic.command
import optuna
import pytest

from autodistill.storage import Store, as_url, schema
from autodistill.study.results import Trial
from autodistill.study.study import Study

optuna.logging.set_verbosity(optuna.logging.WARNING)


def search(url: str) -> int:
    """Let Optuna open the database as it would, run one trial, and count its trials."""
    study = optuna.create_study(
        storage=optuna.storages.RDBStorage(as_url(url)), study_name="s", load_if_exists=True
    )
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=1)
    return len(study.trials)


@pytest.mark.parametrize("optuna_first", [True, False])
def test_either_may_come_first(
    url: str, study: Study, make_outcome: Callable[..., Trial], optuna_first: bool
) -> None:
    trials = search(url) if optuna_first else 0

    store = Store(url)
    store.begin(study, {}, name="s")
    store.add("s", make_outcome(0))

    assert search(url) == trials + 1
    assert Store(url).record("s").outcomes == (make_outcome(0),)
    with store.database.writing() as connection:
        alembic.command.check(schema.config(connection))


def test_removing_a_study_of_optuna_leaves_ours(
    url: str, study: Study, make_outcome: Callable[..., Trial]
) -> None:
    store = Store(url)
    store.begin(study, {}, name="s")
    store.add("s", make_outcome(0))
    search(url)

    optuna.delete_study(study_name="s", storage=as_url(url))

    assert optuna.get_all_study_names(as_url(url)) == []
    assert store.has("s", 0)
