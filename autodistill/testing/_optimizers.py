"""The promises of every optimiser."""

import torch
from torch import nn

from autodistill.testing._members import COMMON, Check, Member, require, the_labels_are_written

STEPS = 20


def _network() -> nn.Linear:
    torch.manual_seed(0)
    return nn.Linear(3, 2)


def _step(network: nn.Linear, optimizer: torch.optim.Optimizer) -> None:
    torch.autograd.backward(network(torch.eye(3)).square().sum())
    optimizer.step()
    optimizer.zero_grad()


def a_step_changes_every_parameter_at_both_ends_of_every_knob(member: Member) -> None:
    """Also where a whole training is a single step; what comes out is finite."""
    for values in member.settings():
        for steps in (1, STEPS):
            network, before = _network(), _network()
            optimizer, schedule = member.build(**values).build(network.named_parameters(), steps)
            for _ in range(steps):
                _step(network, optimizer)
                schedule.step()
            for (name, new), old in zip(network.named_parameters(), before.parameters()):
                at = f"after {steps} steps at {values}"
                require(new.isfinite().all(), f"{name} is not finite {at}")
                require(not torch.equal(new, old), f"{name} has not changed {at}")


def the_rate_is_never_below_zero_and_falls_at_the_end(member: Member) -> None:
    """The last step's rate is below the largest one."""
    optimizer, schedule = member.build().build(_network().named_parameters(), STEPS)
    rates = []
    for _ in range(STEPS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    require(min(rates) >= 0, f"the rate is {min(rates):g}")
    require(rates[-1] < max(rates), f"the rate ends at {rates[-1]:g}, its largest")


def frozen_parameters_are_left_alone(member: Member) -> None:
    """A parameter that needs no gradient is in no group."""
    network = _network()
    network.weight.requires_grad_(False)
    optimizer, _ = member.build().build(network.named_parameters(), STEPS)
    held = any(p is network.weight for group in optimizer.param_groups for p in group["params"])
    require(not held, "a frozen parameter is given to the optimiser")


def a_parameter_has_its_multiple_of_the_rate(member: Member) -> None:
    """`rates` multiplies the learning rate, and leaves it where nothing is said."""
    network = _network()
    optimizer, _ = member.build().build(network.named_parameters(), STEPS, {network.weight: 0.25})
    rates = {id(p): group["lr"] for group in optimizer.param_groups for p in group["params"]}
    weight, bias = rates[id(network.weight)], rates[id(network.bias)]
    require(abs(weight / bias - 0.25) < 1e-9, f"a quarter of the rate {bias:g} is {weight:g}")


def a_batch_is_a_knob_of_whole_numbers(member: Member) -> None:
    """`batch`, the number of rows in a step, is searched like the rate."""
    knobs = member.card.knobs
    require("batch" in knobs, f"the knobs are {sorted(knobs)}; add batch")
    require(isinstance(knobs["batch"].default, int), f"batch is {knobs['batch'].default!r}")


OPTIMIZERS: tuple[Check, ...] = (
    *COMMON,
    the_labels_are_written,
    a_batch_is_a_knob_of_whole_numbers,
    a_step_changes_every_parameter_at_both_ends_of_every_knob,
    the_rate_is_never_below_zero_and_falls_at_the_end,
    frozen_parameters_are_left_alone,
    a_parameter_has_its_multiple_of_the_rate,
)
