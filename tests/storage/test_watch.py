"""A reader of a database that others write."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa

from autodistill.errors import SpecError
from autodistill.storage import Store
from autodistill.storage.watch import Watch
from autodistill.study.results import Selection
from tests.records import outcome, write_study

RUNS = (outcome(0, 0.8), outcome(1, 0.9), replace(outcome(2, 0.95), baseline="alone"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_study(tmp_path / "x.db", *RUNS, outcome(3, 0.99, "stopped"))


def test_a_record_is_the_store_s(path: Path) -> None:
    Store(str(path)).note_selection("tiny", Selection(b"\0\0", b"\1\0"))

    assert Watch(str(path)).record("tiny") == Store(str(path)).record("tiny")


def test_known_trials_are_not_read_again_and_new_ones_are(path: Path) -> None:
    watch, store = Watch(str(path)), Store(str(path))
    before = watch.record("tiny")
    store.add("tiny", outcome(5, 0.7))
    store.add("tiny", outcome(4, 0.6))
    read: list[str] = []
    sa.event.listen(
        watch.database.engine, "before_cursor_execute", lambda *said: read.append(str(said[3]))
    )

    after = watch.record("tiny", before)

    assert after == store.record("tiny")
    assert [trial.number for trial in after.outcomes] == [0, 1, 2, 3, 4, 5]
    assert after.outcomes[0] is before.outcomes[0]


def test_a_line_has_the_best_recipe_without_baselines_and_stopped_runs(path: Path) -> None:
    (line,) = Watch(str(path)).lines()

    assert (line.best, line.teacher_score, line.finished) == (0.9, 0.95, 4)


def test_a_state_changes_with_every_trial_and_every_session(path: Path) -> None:
    watch, store = Watch(str(path)), Store(str(path))
    seen = [watch.states("tiny")]
    store.add("tiny", outcome(4, 0.6))
    seen.append(watch.states("tiny"))
    with store.claim("tiny"):
        seen.append(watch.states("tiny"))
    seen += [watch.states("tiny"), watch.states("tiny")]

    assert [state.state for (state,) in seen] == [
        "not searched here",
        "not searched here",
        "searching",
        "ended",
        "ended",
    ]
    assert [a == b for a, b in pairwise(seen)] == [False, False, False, True]


def test_a_study_that_is_not_there_has_no_state_and_no_record(path: Path) -> None:
    assert Watch(str(path)).states("none") == []
    with pytest.raises(SpecError, match="tiny"):
        Watch(str(path)).record("none")


def test_it_cannot_write(path: Path) -> None:
    watch = Watch(str(path))

    with (
        pytest.raises(sa.exc.OperationalError, match="readonly"),
        watch.database.engine.begin() as c,
    ):
        c.exec_driver_sql("DELETE FROM ad_outcome")
