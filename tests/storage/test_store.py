"""Values that go into the store come out of it."""

import json
import math
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from autodistill import __version__
from autodistill.errors import SpecError, StorageError
from autodistill.storage import Store
from autodistill.storage.tables import ENVIRONMENT, METADATA, STUDY
from autodistill.study.facts import StudyFacts
from autodistill.study.results import Trial
from autodistill.study.study import Study

Make = Callable[..., Trial]


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


def test_the_first_reading_of_the_test_rows_stays(store: Store, study: Study) -> None:
    store.begin(study, {}, name="s")
    assert store.test_readings("s") == ()

    first = store.read_test("s", "abc", {"student_test": 0.81})
    second = store.read_test("s", "def", {"student_test": 0.99})

    assert first is not None
    assert second is None
    assert store.test_readings("s") == (first,)
    assert (first.number, first.recipe_key, first.scores["student_test"]) == (1, "abc", 0.81)
    assert str(first) == "reading 1 of the held-out test"


def test_a_further_reading_on_purpose_says_how_many_recipes_were_looked_at(
    store: Store, study: Study
) -> None:
    store.begin(study, {}, name="s")

    found = [
        store.read_test("s", key, {"student_test": score}, again=True)
        for key, score in (("abc", 0.81), ("def", 0.99), ("abc", 0.82))
    ]

    assert [str(each) for each in found] == [
        "reading 1 of the held-out test",
        "reading 2 of the held-out test: after looking at 1 recipe",
        "reading 3 of the held-out test: after looking at 2 recipes",
    ]
    assert store.record("s").readings == store.test_readings("s") == tuple(found)
    assert [each.scores["student_test"] for each in store.test_readings("s")] == [0.81, 0.99, 0.82]


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


def test_two_threads_adding_at_once_lose_nothing(
    store: Store, study: Study, make_outcome: Make
) -> None:
    store.begin(study, {})

    def add(numbers: range) -> None:
        for number in numbers:
            store.add(study.name, make_outcome(number))

    threads = [threading.Thread(target=add, args=(range(start, 20, 2),)) for start in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [o.number for o in store.record(study.name).outcomes] == list(range(20))


ADD = """
import os, signal, sys
from dataclasses import replace
from autodistill.storage import Store
store = Store(sys.argv[1])
first = store.record(sys.argv[2]).outcomes[0]
for number in range(int(sys.argv[3]), int(sys.argv[4]), 2):
    store.add(sys.argv[2], replace(first, number=number))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is of POSIX")
def test_what_two_processes_added_survives_their_sudden_death(
    url: str, store: Store, study: Study, make_outcome: Make
) -> None:
    store.begin(study, {})
    store.add(study.name, make_outcome(0))

    workers = [
        subprocess.Popen([sys.executable, "-c", ADD, url, study.name, start, "9"])
        for start in ("1", "2")
    ]

    assert [w.wait(60) for w in workers] == [-signal.SIGKILL] * 2
    assert [o.number for o in store.record(study.name).outcomes] == list(range(9))


def test_opening_a_store_loads_neither_optuna_nor_torch(tmp_path: Path) -> None:
    code = (
        "import sys, json; from autodistill.storage import Store; "
        "Store(sys.argv[1]); print(json.dumps(sorted(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "s.db")],
        capture_output=True,
        text=True,
        check=True,
    )

    assert not {"optuna", "torch", "lightning", "transformers", "pandas"} & set(
        json.loads(done.stdout)
    )
