"""Stages that act while a student trains: what holds for each member of each such family."""

import copy

import pytest
import torch
from torch import nn

from autodistill.components.hooks import Hook
from autodistill.registry import families
from autodistill.registry.slots import slots
from tests.paths import of_member

MEMBERS = [
    (slot.family, name)
    for slot in slots("stage").values()
    if slot.hooks
    for name in families.names(slot.family)
]
every_member = pytest.mark.parametrize(("family", "name"), MEMBERS)


def student() -> nn.Linear:
    """A network of one layer, with gradients."""
    torch.manual_seed(0)
    layer = nn.Linear(4, 3)
    layer(torch.randn(8, 4)).square().mean().backward()
    return layer


@every_member
def test_the_labels_are_written_and_there_is_a_test(family: str, name: str) -> None:
    card = families.card(family, name)

    assert {"Source", "Idea", "Inputs", "Units", "Differs"} <= set(card.labels)
    assert of_member(family, name).exists()


@every_member
def test_a_step_leaves_the_shape_of_the_student_and_numbers_that_are_finite(
    family: str, name: str
) -> None:
    hook: Hook = families.build(family, name, {})
    network = student()
    shapes = {k: v.shape for k, v in network.state_dict().items()}

    hook.begin(network)
    hook.before_step(network, 0.0)
    torch.optim.SGD(network.parameters(), lr=0.1).step()
    hook.after_step(network, 0.5)
    hook.finish(network)

    assert {k: v.shape for k, v in network.state_dict().items()} == shapes
    assert all(p.isfinite().all() and p.grad.isfinite().all() for p in network.parameters())


@every_member
def test_the_network_it_began_with_is_not_changed_by_looking(family: str, name: str) -> None:
    hook: Hook = families.build(family, name, {})
    network = student()
    before = copy.deepcopy(network.state_dict())

    hook.begin(network)

    assert all(torch.equal(v, before[k]) for k, v in network.state_dict().items())
