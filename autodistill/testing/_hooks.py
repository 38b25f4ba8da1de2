"""The promises of every stage that acts while a student trains."""

import copy

import torch
from torch import nn

from autodistill.components.hooks import Hook
from autodistill.testing._members import COMMON, Check, Member, all_five_labels_are_written, require


def _student() -> nn.Linear:
    """A network of one layer, with gradients."""
    torch.manual_seed(0)
    layer = nn.Linear(4, 3)
    torch.autograd.backward(layer(torch.randn(8, 4)).square().mean())
    return layer


def a_step_leaves_finite_numbers_of_the_same_shapes(member: Member) -> None:
    """Weights and gradients, at both ends of every knob."""
    for values in member.settings():
        hook: Hook = member.build(**values)
        network = _student()
        shapes = {k: v.shape for k, v in network.state_dict().items()}
        hook.begin(network)
        hook.before_step(network, 0.0)
        torch.optim.SGD(network.parameters(), lr=0.1).step()
        hook.after_step(network, 0.5)
        hook.finish(network)
        found = {k: v.shape for k, v in network.state_dict().items()}
        require(found == shapes, f"the shapes {shapes} become {found} at {values}")
        for name, parameter in network.named_parameters():
            require(parameter.isfinite().all(), f"{name} is not finite at {values}")
            slope = parameter.grad
            finite = slope is not None and slope.isfinite().all()
            require(finite, f"the gradient of {name} is not finite at {values}")


def looking_at_the_student_before_the_first_step_changes_nothing(member: Member) -> None:
    """`begin` may remember, not write."""
    hook: Hook = member.build()
    network = _student()
    before = copy.deepcopy(network.state_dict())
    hook.begin(network)
    changed = [k for k, v in network.state_dict().items() if not torch.equal(v, before[k])]
    require(not changed, f"begin changes {', '.join(changed)}")


HOOKS: tuple[Check, ...] = (
    *COMMON,
    all_five_labels_are_written,
    a_step_leaves_finite_numbers_of_the_same_shapes,
    looking_at_the_student_before_the_first_step_changes_nothing,
)
