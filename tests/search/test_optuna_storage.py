"""Reading less from Optuna's tables changes nothing but the number of statements."""

import random
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

import optuna
import pytest
import sqlalchemy as sa
from optuna.exceptions import UpdateFinishedTrialError
from optuna.trial import TrialState

from autodistill.registry.ranges import OneOf, Real
from autodistill.search.one_writer import suggested_together
from autodistill.search.optuna_storage import open_storage, suggest
from autodistill.storage.patience import Passing


def search(path: Path, only_writer: bool) -> tuple[list[dict[str, Any]], int]:
    """Parameters of twenty trials, and the number of statements.

    They search a tree of knobs, with two trials open at once.
    """
    storage: Any = open_storage(f"sqlite:///{path}", only_writer=only_writer)
    sampler = optuna.samplers.TPESampler(multivariate=True, group=True, seed=0, n_startup_trials=4)
    study = optuna.create_study(storage=storage, sampler=sampler, direction="maximize")
    statements: list[str] = []
    sa.event.listen(
        storage._backend.engine,
        "before_cursor_execute",
        lambda _, __, statement, *___: statements.append(statement),
    )
    waiting: list[tuple[optuna.Trial, float]] = []
    for _ in range(20):
        trial = study.ask()
        with suggested_together(storage):
            kind = suggest(trial, "kind", OneOf("a", "b", "c"))
            value = suggest(trial, f"{kind}.x", Real(0.0, 1.0)) - suggest(
                trial, "y", Real(1e-3, 1.0, log=True)
            )
        trial.report(value, 1)
        trial.should_prune()
        waiting.append((trial, value))
        if len(waiting) == 2:
            study.tell(*waiting.pop(0))
    return [t.params for t in study.get_trials()], len(statements)


def test_the_only_writer_asks_the_same_with_fewer_statements(tmp_path: Path) -> None:
    plain, many = search(tmp_path / "a.db", only_writer=False)
    lean, few = search(tmp_path / "b.db", only_writer=True)

    assert lean == plain
    assert few < 0.9 * many


@pytest.mark.parametrize(("only_writer", "news"), [(False, True), (True, False)])
def test_a_reader_sees_what_others_write_and_the_only_writer_after_its_next_write(
    tmp_path: Path, only_writer: bool, news: bool
) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    ours = optuna.create_study(study_name="s", storage=open_storage(url, only_writer=only_writer))
    theirs = optuna.load_study(study_name="s", storage=open_storage(url))
    assert ours.get_trials() == []

    theirs.ask()

    assert bool(ours.get_trials()) is news
    ours.ask()
    assert len(ours.get_trials()) == 2


def test_values_that_were_suggested_before_an_interruption_are_kept(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    storage = open_storage(url, only_writer=True)
    trial = optuna.create_study(study_name="s", storage=storage).ask()

    with suppress(KeyboardInterrupt), suggested_together(storage):
        suggest(trial, "x", Real(0.0, 1.0))
        raise KeyboardInterrupt

    (kept,) = optuna.load_study(study_name="s", storage=open_storage(url)).get_trials()
    assert kept.params == trial.params != {}


def test_what_the_only_writer_knows_is_what_the_tables_say(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    storage = open_storage(url, only_writer=True)
    study = optuna.create_study(study_name="s", storage=storage)
    place = storage.get_study_id_from_name("s")
    reader, draw = open_storage(url), random.Random(7)
    running: list[optuna.Trial] = []

    def ask() -> None:
        if draw.random() < 0.4:
            study.enqueue_trial({"x": draw.random(), "other": 1}, user_attrs={"of": ["a", 1]})
        running.append(study.ask())
        with suggested_together(storage) if draw.random() < 0.5 else nullcontext():
            suggest(running[-1], "x", Real(0.0, 1.0))
            suggest(running[-1], "kind", OneOf("a", None, 3))

    def write() -> None:
        trial = draw.choice(running)
        storage.set_trial_intermediate_value(trial._trial_id, draw.randrange(4), draw.random())
        trial.set_user_attr("note", {"of": (1, 2.5), "twice": draw.random()})
        storage.set_trial_system_attr(trial._trial_id, "mark", [draw.random(), None])
        study.set_user_attr("note", draw.random())

    def end() -> None:
        trial = running.pop(draw.randrange(len(running)))
        states = (TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL)
        state = draw.choice(states)
        study.tell(trial, draw.random() if state is TrialState.COMPLETE else None, state)

    for _ in range(60):
        draw.choice([ask, write, end] if running else [ask])()
        for trial in running:  # what a caller does with an answer is not what is known
            storage.get_trial(trial._trial_id).params["mine"] = 1
        known = storage.get_all_trials(place, deepcopy=False)
        assert known == reader.get_all_trials(place)


def test_after_a_write_that_failed_the_only_writer_reads_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    storage = open_storage(url, only_writer=True)
    study = optuna.create_study(study_name="s", storage=storage)
    trial = study.ask()
    study.get_trials()
    optuna.load_study(study_name="s", storage=open_storage(url)).tell(0, 1.0)

    with pytest.raises(RuntimeError, match="finished"):
        trial.report(0.5, 1)

    (known,) = study.get_trials()
    assert known.value == 1.0
    assert known.intermediate_values == {}


def test_after_a_write_that_it_does_not_know_it_reads_what_has_not_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage: Any = open_storage(f"sqlite:///{tmp_path / 'a.db'}", only_writer=True)
    study = optuna.create_study(storage=storage)
    study.get_trials()
    for _ in range(5):
        study.tell(study.ask(), 1.0)
    study.ask()
    counts: list[int] = []
    read = storage._backend._get_trials

    def counted(*args: Any, **kwargs: Any) -> Any:
        counts.append(len(found := read(*args, **kwargs)))
        return found

    monkeypatch.setattr(storage._backend, "_get_trials", counted)

    study.set_user_attr("note", 1)

    assert len(study.get_trials()) == 6
    assert counts == [1]


def fails_once(storage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection is lost before what was just written is read again."""
    real, left = storage.tables.get_trial, [Passing("the connection is lost")]

    def get_trial(trial_id: int) -> Any:
        if left:
            raise left.pop()
        return real(trial_id)

    monkeypatch.setattr(storage.tables, "get_trial", get_trial)


def test_a_connection_lost_after_a_write_does_not_make_it_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage: Any = open_storage(f"sqlite:///{tmp_path / 'a.db'}", only_writer=True)
    study = optuna.create_study(storage=storage)
    study.tell(study.ask(), 1.0)
    study.get_trials()

    fails_once(storage, monkeypatch)
    trial = study.ask()
    study.get_trials()
    fails_once(storage, monkeypatch)
    study.tell(trial, 2.0)

    found = [(t.state, t.value) for t in study.get_trials()]
    assert found == [(TrialState.COMPLETE, 1.0), (TrialState.COMPLETE, 2.0)]


def test_an_end_that_is_told_again_is_the_same_or_an_error(tmp_path: Path) -> None:
    storage: Any = open_storage(f"sqlite:///{tmp_path / 'a.db'}", only_writer=True)
    study = optuna.create_study(storage=storage)
    trial = study.ask()._trial_id
    end = TrialState.COMPLETE

    for _ in range(2):
        assert storage.set_trial_state_values(trial, end, [2.0])
    with pytest.raises(UpdateFinishedTrialError):
        storage.set_trial_state_values(trial, end, [3.0])

    assert study.trials[0].value == 2.0
