"""Students before recipes: who is trained, which proxies are believed, who goes on."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autodistill.search.screening import audit, entries, selection
from autodistill.search.screening.entries import Entry
from autodistill.storage.files import publish, read
from autodistill.study.facts import StudyFacts
from autodistill.study.pipeline import Part
from tests.search.screening.students import SPACE, entry, record, run
from tests.spaces import small


def test_some_are_trained_before_the_audit_in_the_order_of_all_proxies(tmp_path: Path) -> None:
    first = selection.listed(record([]), small(tmp_path, SPACE))

    assert len(first) == audit.ENOUGH + selection.MARGIN
    assert len({p.key for p in first}) == len(first)
    assert audit.audit(record(range(audit.ENOUGH - 1))) == {}


def test_each_network_that_is_named_is_trained_before_the_audit_however_it_ranks(
    tmp_path: Path,
) -> None:
    last = dict.fromkeys(entry(0).scores, (-99.0, 0.1))
    named = [
        Entry(Part("checkpoint", {"network": name, "dropout": rate}), entry(0).cost, last)
        for name in ("one", "two")
        for rate in (0.0, 0.1)
    ]
    before = record([])
    listed = [*(before.facts.students or ()), *(each.to_dict() for each in named)]

    first = selection.listed(
        replace(before, facts=before.facts.updated(students=listed)), small(tmp_path, SPACE)
    )

    networks = [p.student.knobs.get("network") for p in first]
    assert networks == [None] * (audit.ENOUGH + selection.MARGIN) + ["one", "two"]


def test_a_proxy_that_size_explains_is_switched_off_and_one_that_sees_more_orders_the_rest(
    tmp_path: Path,
) -> None:
    found = audit.audit(record(range(12)))
    off = selection.switched_off(found)

    known = record(range(12), switched_off=off)

    assert set(off) == {"guess"}
    assert "parameters" in off["guess"]
    assert selection.believed(known) == ["sees"]
    assert (
        "sees say more than the number of parameters; 1 switched off" in selection.lines(known)[0]
    )
    rest = [p.student.knobs["keep"] for p in selection.listed(known, small(tmp_path, SPACE))[12:16]]
    assert rest == sorted(range(12, 16), key=lambda p: -entry(p).scores["sees"][0])


def test_where_no_proxy_is_believed_the_larger_student_comes_first(tmp_path: Path) -> None:
    known = record(range(12), switched_off={"sees": "", "guess": ""})

    assert selection.believed(known) == ["params"]
    assert [
        p.student.knobs["keep"] for p in selection.listed(known, small(tmp_path, SPACE))[12:16]
    ] == [15, 14, 13, 12]


def test_every_student_is_trained_twice_before_the_list_ends(tmp_path: Path) -> None:
    listed = selection.listed(record(range(12), switched_off={}), small(tmp_path, SPACE))

    assert sorted(p.student.knobs["keep"] for p in listed) == sorted([*range(16), *range(16)])


def test_the_best_go_on_and_the_fastest_that_noise_does_not_tell_from_them() -> None:
    runs = [run(p, s, 0.9 - 0.004 * p + (0.02 if s else 0.0)) for p in range(6) for s in range(2)]
    noisy = replace(
        record([]),
        outcomes=tuple(runs),
        facts=StudyFacts(students=[replace_latency(entry(p), 10.0 - p) for p in range(6)]),
    )

    # two seeds 0.02 apart: means are known to 0.01, all six are within twice that of the best,
    # the sixth is the fastest
    assert [p.knobs["keep"] for p in selection.survivors(noisy)] == [0, 1, 2, 5]


def replace_latency(known: Entry, latency: float) -> dict[str, Any]:
    """The entry, as fast as this."""
    return replace(known, cost={**known.cost, "latency_ms": latency}).to_dict()


def test_the_rate_of_a_short_training_is_the_defaults_times_what_suits_the_student(
    tmp_path: Path,
) -> None:
    space = small(tmp_path, SPACE)

    rates = [
        selection.short_recipe(space, Part(name)).optimizer.knobs["lr"]
        for name in ("cut", "scratch", "bag")
    ]

    assert rates == pytest.approx([3e-4, 9e-4, 3e-3])


@pytest.mark.slow
def test_a_published_study_of_students_keeps_their_scores(tmp_path: Path) -> None:
    known = record(range(12), seeds=2, switched_off={"guess": "why"})

    publish(known, "students", tmp_path / "students")
    again = read(tmp_path / "students")

    assert entries.entries_of(again) == entries.entries_of(known)
    assert again.facts.switched_off == {"guess": "why"}
    assert audit.audit(again) == audit.audit(known)
