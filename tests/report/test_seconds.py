"""Seconds by purpose: they add up to those of the trials."""

from dataclasses import replace

import pytest

from autodistill.report.seconds import seconds_remark, seconds_table, spent_by_kind
from tests.report.studied import studied


def test_seconds_of_all_kinds_add_up_to_those_of_the_trials() -> None:
    record = studied()

    found = {each.kind: (each.trials, each.seconds) for each in spent_by_kind(record)}

    assert found == {
        "first": (2, 20.0),
        "repeat": (2, 20.0),
        "alone": (2, 20.0),
        "vanilla": (1, 10.0),
        "stopped": (1, 4.0),
        "failed": (1, 2.0),
    }
    assert sum(s for _, s in found.values()) == sum(o.cost["seconds"] for o in record.outcomes)


def test_a_longer_run_is_counted_apart() -> None:
    record = studied()
    longer = replace(record.outcomes[0], number=9, fidelity={"rows": 4000, "epochs": 3})

    found = spent_by_kind(replace(record, outcomes=(*record.outcomes, longer)))

    assert {s.kind: s.trials for s in found}["longer"] == 1


def test_the_table_ends_in_the_sum_and_says_what_is_not_recorded() -> None:
    table = seconds_table(studied())

    assert table is not None
    assert table.rows[-1] == ("all", 9, 76.0, 1.0)
    assert sum(float(str(row[3])) for row in table.rows[:-1]) == pytest.approx(1.0)


def test_it_says_the_time_by_the_clock_and_what_is_not_recorded() -> None:
    said = seconds_remark(studied())

    assert "took 55.0 seconds" in said
    assert "tuning the teacher and its predictions (estimated before the search: 172" in said


def test_a_trial_without_a_time_is_counted_and_a_rejected_one_is_not() -> None:
    record = studied()
    old = replace(record.outcomes[0], number=9, cost={})
    rejected = replace(old, number=10, status="rejected")

    said = seconds_remark(replace(record, outcomes=(*record.outcomes, old, rejected)))

    assert "Trials without a recorded time: 1." in said
