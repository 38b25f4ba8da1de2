"""What every member of the families targets, weightings and schedules promises, over the whole folders."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from autodistill.components.schedules import Factors, Schedule, StepStats
from autodistill.components.targets import Target
from autodistill.components.weightings import Weighting
from autodistill.registry import families
from tests.contracts.members import corners
from tests.paths import of_member

KINDS = {"targets": Target, "weightings": Weighting, "schedules": Schedule}
MEMBERS = [(kind, name) for kind in KINDS for name in families.names(kind)]
ROWS, CLASSES = 12, 4
every_member = pytest.mark.parametrize(("kind", "name"), MEMBERS)


def rows() -> tuple[Tensor, Tensor, Tensor]:
    """Student and teacher logits and labels; some of both are wrong."""
    torch.manual_seed(2)
    return (
        2 * torch.randn(ROWS, CLASSES),
        2 * torch.randn(ROWS, CLASSES),
        torch.arange(ROWS) % CLASSES,
    )


@every_member
def test_the_labels_are_written_and_there_is_a_test(kind: str, name: str) -> None:
    assert {"Source", "Idea", "Inputs", "Units", "Differs"} <= set(families.card(kind, name).labels)
    assert families.card(kind, name).summary
    assert of_member(kind, name).exists()


@every_member
def test_knobs_are_stored_unchanged_with_defaults_in_their_ranges(kind: str, name: str) -> None:
    knobs = families.card(kind, name).knobs
    defaults = families.build(kind, name, {})

    assert isinstance(defaults, KINDS[kind])
    assert [
        k.name
        for k in knobs.values()
        if k.domain.problem(k.default) or getattr(defaults, k.name) != k.default
    ] == []
    assert all(
        {k: getattr(families.build(kind, name, v), k) for k in v} == v
        for v in [{}, *corners(kind, name)]
    )


@pytest.mark.parametrize("name", families.names("targets"))
def test_a_target_changes_rows_one_by_one_and_leaves_certain_right_ones_alone(name: str) -> None:
    _, teacher, labels = rows()
    for values in [{}, *corners("targets", name)]:
        target: Target = families.build("targets", name, values)

        revised = target.revise(teacher, labels)

        assert revised.shape == teacher.shape
        assert revised.isfinite().all()
        torch.testing.assert_close(target.revise(teacher[3:5], labels[3:5]), revised[3:5])
        sure = 40.0 * torch.nn.functional.one_hot(labels, CLASSES).float()
        assert (target.revise(sure, labels).argmax(-1) == labels).all()
        if target.corrects:
            assert (revised.argmax(-1) == labels).sum() > (teacher.argmax(-1) == labels).sum()


@pytest.mark.parametrize("name", families.names("weightings"))
def test_a_weighting_gives_every_row_a_weight_and_keeps_no_graph_to_the_teacher(name: str) -> None:
    for values in [{}, *corners("weightings", name)]:
        weighting: Weighting = families.build("weightings", name, values)
        student, teacher, labels = rows()

        found = weighting.weights(student, teacher, labels)

        assert found.shape == (ROWS,)
        assert found.isfinite().all()
        assert (found >= 0).all()
        assert (
            len(set(found.tolist())) > 1 or values == {"keep": 1.0} or weighting.trades
        )  # keeps all rows; has yet to learn
        one = weighting.weights(student[:1], teacher[:1], labels[:1])
        assert one.isfinite().all()


@pytest.mark.parametrize("name", families.names("weightings"))
@pytest.mark.parametrize("size", [80.0, -80.0])
def test_a_weighting_of_certain_networks_is_finite(name: str, size: float) -> None:
    weighting: Weighting = families.build("weightings", name, {})
    certain = size * torch.nn.functional.one_hot(torch.arange(ROWS) % CLASSES, CLASSES).float()

    assert weighting.weights(certain, certain, torch.arange(ROWS) % CLASSES).isfinite().all()


def course(schedule: Schedule) -> list[Factors]:
    """Of 200 steps, in which the hard loss falls and the logit loss does not, and the student is less sure than the teacher."""
    found = []
    for step in range(200):
        found.append(schedule.factors(step / 200))
        if schedule.listens:
            schedule.hear(
                StepStats(
                    1 - step / 200,
                    1.0,
                    0.5,
                    torch.zeros(2, 3),
                    found[-1].teacher * 2 * torch.eye(3)[:2],
                )
            )
    return found


@pytest.mark.parametrize("name", families.names("schedules"))
def test_a_schedule_moves_and_keeps_its_factors_between_nothing_and_all(name: str) -> None:
    assert families.card("schedules", name).traits["needs"] <= {
        "hard",
        "logit",
        "feature",
        "temperature",
        "squares",
    }
    for values in [{}, *corners("schedules", name)]:
        factors = course(families.build("schedules", name, values))

        assert len(set(factors)) > 1
        assert all(
            0 <= value <= 1
            for f in factors
            for value in vars(replace(f, logit=min(f.logit, 1.0))).values()
        )
        assert all(
            0 <= f.logit <= 2 for f in factors
        )  # half of the weight at first, all of it at most
        assert all(max(f.logit, f.feature, f.hard) > 0 for f in factors)


@pytest.mark.parametrize("name", families.names("schedules"))
def test_a_schedule_that_needs_a_hard_loss_is_one_that_silences_the_logit_loss(name: str) -> None:
    schedule: Schedule = families.build("schedules", name, {})

    silent = any(
        schedule.factors(step / 200).logit < 0.01 and schedule.factors(step / 200).hard > 0
        for step in range(200)
    )

    assert silent == ("hard" in schedule.needs and not schedule.listens)


def test_without_a_schedule_nothing_is_changed() -> None:
    assert set(vars(Factors()).values()) == {1.0}
