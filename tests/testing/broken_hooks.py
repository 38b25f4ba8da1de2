"""Stages that act while a student trains and break one promise each."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from autodistill.components.hooks import Hook
from tests.testing.broken_rows import WITH_LABELS


class InfiniteSlopes(Hook):
    def before_step(self, student: nn.Module, progress: float) -> None:
        for parameter in student.parameters():
            parameter.grad = torch.full_like(parameter, torch.inf)


class CutsTheStudent(Hook):
    def finish(self, student: nn.Module) -> None:
        for parameter in student.parameters():
            parameter.grad, parameter.data = None, parameter.data[:1]


class WritesAtTheStart(Hook):
    def begin(self, student: nn.Module) -> None:
        for parameter in student.parameters():
            parameter.data.zero_()


BROKEN: Mapping[str, tuple[type[Any], ...]] = {
    **WITH_LABELS,
    "a_step_leaves_finite_numbers_of_the_same_shapes": (InfiniteSlopes, CutsTheStudent),
    "looking_at_the_student_before_the_first_step_changes_nothing": (WritesAtTheStart,),
}
"""Names of checks, and the hooks that each must refuse."""
