"""A machine that differs from that of the search is refused, with the differences."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from autodistill.errors import SpecError
from autodistill.runtime.device import CPU, Device
from autodistill.search.offers import check_inputs, check_machine, offer_of, surroundings
from autodistill.study.facts import StudyFacts
from autodistill.study.study import Study

HOME = Path("home")
STUDY = Study("reviews.csv", fingerprint="rows-teacher-space")


@dataclass(frozen=True)
class Workspace:
    """A workspace with all that an offer reads."""

    study: Study = STUDY
    device: Device = CPU
    home: Path = HOME
    chooses: bool = False
    signals: str = "signals/a/0-1"
    rows: str = "rows"
    recording: Any = field(init=False, default=None)
    task: Any = field(init=False, default=None)

    def __post_init__(self) -> None:
        recording = type("Recorded", (), {"folder": self.home / self.signals})()
        object.__setattr__(self, "recording", recording)
        object.__setattr__(self, "task", type("Task", (), {"fingerprint": self.rows})())


def refusal(check: Any, here: Workspace, offer: dict[str, Any] | None = None) -> str:
    there: Any = Workspace()
    with pytest.raises(SpecError) as found:
        check("films", offer or offer_of(there, StudyFacts()), here)
    return str(found.value)


def test_the_same_machine_may_join_with_another_home() -> None:
    there: Any = Workspace()
    here: Any = Workspace(home=Path("elsewhere"))
    offer = offer_of(there, StudyFacts())

    check_machine("films", offer, here)
    check_inputs("films", offer, here)


def test_other_versions_and_processors_are_named_together() -> None:
    there: Any = Workspace()
    offer = offer_of(there, StudyFacts())
    theirs = {**offer["surroundings"], "torch": "1.0", "machine": "z80"}

    said = refusal(
        check_machine,
        Workspace(device=replace(CPU, precision="bfloat16")),
        {**offer, "surroundings": theirs},
    )

    assert "this machine cannot join the search of 'films'" in said
    assert "torch: 1.0 there, " in said
    assert "machine: z80 there, " in said
    assert "device: cpu float32 there, cpu bfloat16 here" in said


def test_versions_that_change_no_score_may_differ() -> None:
    assert not {"optuna", "python"} & set(surroundings(CPU))


def test_other_rows_are_refused_before_the_teacher_is_looked_at() -> None:
    assert "the rows of the dataset differ" in refusal(check_machine, Workspace(rows="others"))


@pytest.mark.parametrize(
    ("fingerprint", "told"),
    [
        ("rows-other-space", "the teacher differs"),
        ("rows-teacher-other", "the space has different members"),
    ],
)
def test_another_teacher_or_space_is_refused(fingerprint: str, told: str) -> None:
    study = Study("reviews.csv", fingerprint=fingerprint)

    said = refusal(check_inputs, Workspace(study))

    assert told in said
    assert "Share AUTODISTILL_HOME" in said


def test_other_signals_of_the_same_teacher_are_refused() -> None:
    said = refusal(check_inputs, Workspace(signals="signals/b/0-1"))

    assert "signals/a/0-1 there, signals/b/0-1 here" in said
