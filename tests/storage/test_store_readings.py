"""Readings of the held-out test: the first stays, further ones are counted."""

from autodistill.storage import Store
from autodistill.study.study import Study


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
