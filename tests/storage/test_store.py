"""Values that go into the store come out of it."""

import math
from dataclasses import replace

import pytest
import sqlalchemy as sa

from autodistill import __version__
from autodistill.errors import StorageError
from autodistill.storage import Store
from autodistill.storage.tables import ENVIRONMENT, STUDY
from autodistill.study.facts import StudyFacts
from autodistill.study.study import Study
from tests.storage.outcomes import Make


def test_a_record_comes_back_exactly_as_it_was_added(
    store: Store, study: Study, make_outcome: Make
) -> None:
    outcomes = (
        make_outcome(0),
        make_outcome(
            1, status="failed", score=None, fidelity={}, metrics={}, curve=(), error="out of memory"
        ),
    )
    store.begin(study, {"teacher_score": 0.1 + 0.2, "classes": 2})

    for outcome in reversed(outcomes):
        store.add(study.name, outcome)
    record = store.record(study.name)

    assert record.outcomes == outcomes
    assert [o.pipeline.key for o in record.outcomes] == [o.pipeline.key for o in outcomes]
    assert record.study == study
    assert record.study.key == study.key
    assert record.facts == StudyFacts(teacher_score=0.30000000000000004, classes=2)


def test_a_study_goes_on_in_another_process_where_it_was(
    url: str, store: Store, study: Study, make_outcome: Make
) -> None:
    store.begin(study, {"classes": 2})
    store.add(study.name, make_outcome(0))

    again = Store(url)
    again.begin(study, {"classes": 3})

    assert again.has(study.name, 0)
    assert not again.has(study.name, 1)
    assert again.facts(study.name) == StudyFacts(classes=2)


def test_a_study_remembers_the_versions_it_began_with(store: Store, study: Study) -> None:
    store.begin(study, {})

    with store.database.reading() as connection:
        versions = connection.scalar(sa.select(STUDY.c.versions))

    assert versions is not None
    assert versions["autodistill"] == __version__


def test_adding_the_same_outcome_twice_keeps_one(
    store: Store, study: Study, make_outcome: Make
) -> None:
    store.begin(study, {})

    store.add(study.name, make_outcome(0))
    store.add(study.name, make_outcome(0))

    assert store.record(study.name).outcomes == (make_outcome(0),)


def test_an_outcome_is_never_overwritten(store: Store, study: Study, make_outcome: Make) -> None:
    store.begin(study, {})
    store.add(study.name, make_outcome(0, score=0.5))

    with pytest.raises(
        StorageError,
        match=r"trial 0 of study .* with score 0\.5, now it came as complete with 0\.75",
    ):
        store.add(study.name, make_outcome(0, score=0.75))

    assert store.record(study.name).outcomes[0].score == 0.5


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_becomes_missing(
    store: Store, study: Study, make_outcome: Make, odd: float
) -> None:
    store.begin(study, {"teacher_score": odd, "scores": [odd, 1.0]})
    outcome = make_outcome(
        0,
        score=odd,
        metrics={"loss": odd, "accuracy": 0.5},
        curve=((1, 0.5), (2, odd)),
        cost={"train_seconds": odd},
    )

    store.add(study.name, outcome)
    store.add(study.name, outcome)
    record = store.record(study.name)

    assert record.outcomes == (
        replace(outcome, score=None, metrics={"accuracy": 0.5}, curve=((1, 0.5),), cost={}),
    )
    assert record.facts.extra == {"scores": [None, 1.0]}


def test_an_error_text_with_broken_characters_is_kept(
    store: Store, study: Study, make_outcome: Make
) -> None:
    store.begin(study, {})

    store.add(study.name, make_outcome(0, error="bad byte \udcff and \0 end"))

    assert store.record(study.name).outcomes[0].error == "bad byte ? and  end"


def test_an_unknown_fidelity_is_a_bug_and_not_dropped(
    store: Store, study: Study, make_outcome: Make
) -> None:
    store.begin(study, {})

    with pytest.raises(ValueError, match="no column for pixels"):
        store.add(study.name, make_outcome(0, fidelity={"rows": 1, "pixels": 2}))


def test_equal_environments_are_kept_once(store: Store, study: Study, make_outcome: Make) -> None:
    store.begin(study, {})

    for number, device in enumerate(("cpu", "cpu", "cuda")):
        store.add(study.name, make_outcome(number, environment={"device": device}))

    with store.database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(ENVIRONMENT)) == 2
    assert [o.environment["device"] for o in store.record(study.name).outcomes] == [
        "cpu",
        "cpu",
        "cuda",
    ]
