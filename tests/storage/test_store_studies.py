"""Studies in the store, by name: what differs, what there is, what is known."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from autodistill.errors import SpecError
from autodistill.storage import Store
from autodistill.storage.tables import METADATA
from autodistill.study.facts import StudyFacts
from autodistill.study.study import Study
from tests.storage.outcomes import Make


def test_another_question_under_the_same_name_lists_what_differs(
    store: Store, study: Study
) -> None:
    store.begin(study, {}, name="mine")

    with pytest.raises(SpecError) as caught:
        store.begin(replace(study, teacher="small", rows=100), {}, name="mine")

    assert caught.value.problems == (
        "study 'mine' already exists with other settings; give --study another name.",
        "teacher: was 'big', now 'small'",
        "rows: was 0, now 100",
    )


def test_an_unknown_study_names_the_known_ones_and_the_database(
    store: Store, study: Study, make_outcome: Make
) -> None:
    store.begin(study, {}, name="reviews")

    for ask in (
        store.record,
        store.facts,
        store.claim,
        store.remove,
        lambda name: store.add(name, make_outcome(0)),
    ):
        with pytest.raises(
            SpecError,
            match=r"unknown study 'review' \(database '.*'\); there is: "
            r"reviews\. Did you mean 'reviews'\?",
        ):
            ask("review")


def test_the_list_of_studies_counts_finished_runs_and_shows_the_best_complete_one(
    store: Store, study: Study, make_outcome: Make
) -> None:
    store.begin(study, {}, name="one")
    store.begin(replace(study, dataset="empty"), {}, name="two")
    for number, (status, score) in enumerate(
        [("complete", 0.6), ("complete", 0.8), ("stopped", 0.9), ("failed", None), ("lost", None)]
    ):
        store.add("one", make_outcome(number, status=status, score=score))

    one, two = store.studies()

    assert (one.name, one.dataset, one.finished, one.best) == ("one", "glue/sst2", 4, 0.8)
    assert (two.name, two.dataset, two.finished, two.best) == ("two", "empty", 0, None)
    assert one.created < two.created


def test_new_facts_join_the_old_ones(store: Store, study: Study) -> None:
    store.begin(study, {"classes": 2, "rows": 10})

    store.update_facts(study.name, {"rows": 20, "teacher_score": 0.9})

    assert store.facts(study.name) == StudyFacts(classes=2, rows=20, teacher_score=0.9)


def test_datasets_and_teachers_are_noted_under_their_keys(store: Store) -> None:
    store.note_dataset("f00d", {"rows": 10})
    store.note_dataset("f00d", {"rows": 10, "classes": 2})
    store.note_teacher("big", {"params": 4})

    assert store.dataset("f00d") == {"rows": 10, "classes": 2}
    assert store.teacher("big") == {"params": 4}
    assert store.dataset("big") is None
    assert store.teacher("f00d") is None


def test_a_removed_study_leaves_the_others_alone(
    store: Store, study: Study, make_outcome: Make
) -> None:
    for name in ("one", "two"):
        store.begin(study, {}, name=name)
        store.add(name, make_outcome(0))
        store.read_test(name, "abc", {})

    store.remove("one")

    assert [s.name for s in store.studies()] == ["two"]
    assert store.record("two").outcomes == (make_outcome(0),)
    with store.database.reading() as connection:
        for table in METADATA.sorted_tables:
            if "study" in table.c:
                assert "one" not in connection.scalars(sa.select(table.c.study)).all()
