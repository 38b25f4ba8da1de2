"""Losses that break one promise each; this docstring lacks the labels that theirs should have."""

from collections.abc import Mapping
from typing import Annotated, Any

import torch
from torch import Tensor, nn

from autodistill.components.losses import FeatureLoss, HardLoss, LogitLoss
from autodistill.registry.ranges import Real


class Plain(LogitLoss):
    """Mean squared difference of logits: breaks nothing."""

    kind = "logit"
    needs = frozenset({"logits"})
    at_match = "zero"

    def compute(self, student: Tensor, teacher: Tensor, labels: Tensor) -> Tensor:
        return (student - teacher).square().mean()


class DefaultOutside(Plain):
    def __init__(self, *, power: Annotated[float, Real(1.0, 2.0)] = 3.0) -> None:
        super().__init__()
        self.power = power


class KnobChanged(Plain):
    def __init__(self, *, power: Annotated[float, Real(1.0, 2.0)] = 1.0) -> None:
        super().__init__()
        self.power = 2 * power


class UnknownSignal(Plain):
    needs = frozenset({"logits", "colours"})


class InfiniteAtAnEnd(Plain):
    def __init__(self, *, power: Annotated[float, Real(0.0, 1.0)] = 1.0) -> None:
        super().__init__()
        self.power = power

    def compute(self, student: Tensor, teacher: Tensor, labels: Tensor) -> Tensor:
        return (student - teacher).square().mean() / self.power


class Halves(Plain):
    def forward(self, student: Tensor, teacher: Tensor, labels: Tensor) -> Tensor:
        return self.compute(student, teacher.detach(), labels)


class ReachesTheTeacher(Plain):
    def forward(self, student: Tensor, teacher: Tensor, labels: Tensor) -> Tensor:
        return self.compute(student.float(), teacher.float(), labels)


class OtherGradient(Plain):
    def compute(self, student: Tensor, teacher: Tensor, labels: Tensor) -> Tensor:
        return ((student - teacher) * (student - teacher).detach()).mean()


class LooksAtTheOrder(Plain):
    def compute(self, student: Tensor, teacher: Tensor, labels: Tensor) -> Tensor:
        return (student - teacher)[0].square().mean()


class NeedsTwoRows(Plain):
    def compute(self, student: Tensor, teacher: Tensor, labels: Tensor) -> Tensor:
        spread = (student - teacher - (student - teacher).mean(0)).square().sum(0)
        return (spread / (len(student) - 1)).mean()


class NotZeroAtAMatch(Plain):
    def compute(self, student: Tensor, teacher: Tensor, labels: Tensor) -> Tensor:
        return (student - teacher).square().mean() + 1


class SilentAboutLabels(Plain):
    def compute(self, student: Tensor, teacher: Tensor, labels: Tensor) -> Tensor:
        return ((student - teacher).square().mean(1) * (labels + 1)).mean()


class IdleLabels(Plain):
    needs = frozenset({"logits", "labels"})


class SilentAboutLogits(Plain):
    needs = frozenset()


class TakesNoShares(HardLoss):
    kind = "hard"
    needs = frozenset({"labels"})
    at_match = "none"
    soft_labels = True

    def compute(self, student: Tensor, labels: Tensor) -> Tensor:
        classes = labels if labels.ndim == 1 else labels.argmax(1)
        return nn.functional.cross_entropy(student, classes)


class HoldsABuffer(Plain):
    def connect(self, student_width: int, teacher_width: int) -> None:
        self.register_buffer("seen", torch.zeros(1))


class ForgetsWhatItLearned(Plain):
    """Its part is in no state dict: another instance starts from other numbers."""

    count = 0

    def connect(self, student_width: int, teacher_width: int) -> None:
        ForgetsWhatItLearned.count += 1
        self.part = [torch.tensor(float(ForgetsWhatItLearned.count))]

    def compute(self, student: Tensor, teacher: Tensor, labels: Tensor) -> Tensor:
        return self.part[0] * super().compute(student, teacher, labels)


class IdleParameter(Plain):
    def connect(self, student_width: int, teacher_width: int) -> None:
        self.part = nn.Parameter(torch.zeros(1))


class SaysAnyWidth(FeatureLoss):
    kind = "feature"
    needs = frozenset({"pooled"})
    at_match = "zero"

    def compute(self, student: Tensor, teacher: Tensor) -> Tensor:
        return (student - teacher).square().sum(1).mean()


class SaysEqualWidths(SaysAnyWidth):
    width_free = False

    def compute(self, student: Tensor, teacher: Tensor) -> Tensor:
        return (student.square().sum(1) - teacher.square().sum(1)).square().mean()


class NotItsKind(Plain):
    kind = "hard"  # type: ignore[assignment]


BROKEN: Mapping[str, tuple[type[Any], ...]] = {
    "defaults_are_inside_their_ranges": (DefaultOutside,),
    "knobs_are_stored_unchanged_and_survive_json": (KnobChanged,),
    "all_five_labels_are_written": (Plain,),
    "the_class_says_what_it_is": (UnknownSignal, NotItsKind),
    "the_value_is_a_finite_scalar_at_both_ends_of_every_knob": (InfiniteAtAnEnd,),
    "half_precision_is_computed_in_float32": (Halves,),
    "the_gradient_reaches_the_student_and_never_the_teacher": (ReachesTheTeacher,),
    "the_gradient_is_that_of_the_value": (OtherGradient,),
    "the_order_of_the_batch_does_not_matter": (LooksAtTheOrder,),
    "one_row_gives_a_finite_value_with_a_graph": (NeedsTwoRows,),
    "a_student_equal_to_its_teacher_has_the_loss_that_at_match_promises": (NotZeroAtAMatch,),
    "needs_is_honest_about_labels": (SilentAboutLabels, IdleLabels),
    "needs_is_honest_about_the_teacher": (SilentAboutLogits,),
    "a_loss_that_mixup_may_use_takes_shares_of_classes": (TakesNoShares,),
    "learned_parts_are_parameters_and_survive_a_state_dict": (HoldsABuffer, ForgetsWhatItLearned),
    "every_learned_part_is_trained": (IdleParameter,),
    "width_free_is_honest": (SaysAnyWidth, SaysEqualWidths),
}
"""Names of checks, and the losses that each must refuse."""
