"""A study that goes on on another device than it was begun on."""

from pathlib import Path
from typing import Any

import pytest

from autodistill.runtime.device import CPU, Device
from autodistill.search import place
from autodistill.search.endings import environment
from autodistill.search.place import At
from autodistill.storage import Store
from autodistill.study.facts import StudyFacts
from autodistill.study.study import Budget
from autodistill.training.trial_size import Pace
from tests.records import write_study
from tests.screens import Heard

CARD = Device("cuda", precision="bfloat16", name="A100")


class Workspace:
    """One that trains on a device."""

    space = None

    def __init__(self, device: Device) -> None:
        self.data: Any = type("Data", (), {"device": device, "selection_rows": 0})()


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> At:
    """A study of 40 rows and 2 epochs that was timed on a CPU, on a machine of 2 s a row."""
    write_study(tmp_path / "a.db")
    store = Store(str(tmp_path / "a.db"))
    store.update_facts("tiny", {"trial_seconds": 9.0, "timeout_seconds": 120.0})
    monkeypatch.setattr(place, "go_on", lambda store, _, name, __: store.facts(name))
    monkeypatch.setattr(place, "pace_of", lambda *_: Pace(0.0, 2.0))
    heard: Any = Heard()
    return At(store, 1, heard)


def facts(at: At, device: Device) -> StudyFacts:
    """The facts of a study that goes on on this device."""
    workspace: Any = Workspace(device)
    return at.facts(workspace, Budget(trials=3), "tiny")


def test_seconds_are_kept_on_the_same_device(at: At) -> None:
    assert facts(at, CPU).trial_seconds == 9.0


def test_seconds_are_measured_anew_on_another_one_and_kept_from_then_on(at: At) -> None:
    rows, epochs = at.store.facts("tiny").rows or 0, at.store.facts("tiny").epochs or 0

    now = facts(at, CARD)

    assert now.trial_seconds == 2.0 * rows * epochs
    assert now.timeout_seconds == max(120.0, 8 * now.trial_seconds)
    assert at.store.facts("tiny").device == "cuda A100 bfloat16"


def test_back_on_the_cpu_they_are_measured_again(at: At) -> None:
    facts(at, CARD)

    assert facts(at, CPU).device is None


def test_the_environment_of_a_run_names_its_card_and_on_a_cpu_none() -> None:
    assert environment(CARD.speed) == {**environment(), "device": "cuda A100 bfloat16"}
    assert "device" not in environment(CPU.speed)
