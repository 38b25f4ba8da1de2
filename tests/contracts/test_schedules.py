"""Promises of schedules beside test_members.py."""

from autodistill.components.schedules import Factors


def test_without_a_schedule_nothing_is_changed() -> None:
    assert set(vars(Factors()).values()) == {1.0}
