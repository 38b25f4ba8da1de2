"""Targets, weightings, schedules and optimisers that break one promise each."""

from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from autodistill.components.optimizers.adamw import AdamW
from autodistill.components.schedules import Factors, Schedule
from autodistill.components.schedules.decay import Decay
from autodistill.components.targets.swap import Swap
from autodistill.components.weightings.confidence import Confidence
from tests.testing.broken_losses import Plain
from tests.testing.broken_rows import COMMON, WITH_LABELS


class CentresTheBatch(Swap):
    def revise(self, logits: Tensor, labels: Tensor) -> Tensor:
        return logits - logits.mean(0)


class CorrectsNothing(Swap):
    def revise(self, logits: Tensor, labels: Tensor) -> Tensor:
        return logits


class TurnsRightRows(Swap):
    def revise(self, logits: Tensor, labels: Tensor) -> Tensor:
        return -super().revise(logits, labels)


class BelowZero(Confidence):
    def weights(self, student: Tensor, teacher: Tensor, labels: Tensor) -> Tensor:
        return super().weights(student, teacher, labels) - 1


class InfiniteWhereCertain(Confidence):
    def weights(self, student: Tensor, teacher: Tensor, labels: Tensor) -> Tensor:
        return 1 / (1 - super().weights(student, teacher, labels))


class AllAlike(Confidence):
    def weights(self, student: Tensor, teacher: Tensor, labels: Tensor) -> Tensor:
        return torch.ones(len(labels))


class NeverMoves(Schedule):
    def factors(self, progress: float) -> Factors:
        return Factors()


class EndsBelowZero(Schedule):
    def factors(self, progress: float) -> Factors:
        return Factors(logit=0.5 - progress)


class SilentAboutHard(Decay):
    needs = frozenset({"logit"})


class NeedsTheWeather(Schedule):
    needs = frozenset({"logit", "weather"})

    def factors(self, progress: float) -> Factors:
        return Factors(feature=progress)


Built = tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]
Named = Iterable[tuple[str, nn.Parameter]]
Rates = Mapping[nn.Parameter, float] | None


class TrainsWeightsOnly(AdamW):
    def build(self, parameters: Named, steps: int, rates: Rates = None) -> Built:
        return super().build([(n, p) for n, p in parameters if p.ndim > 1], steps, rates)


class RateStays(AdamW):
    def build(self, parameters: Named, steps: int, rates: Rates = None) -> Built:
        optimizer, _ = super().build(parameters, steps, rates)
        return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1.0)


class TakesTheFrozen(AdamW):
    def build(self, parameters: Named, steps: int, rates: Rates = None) -> Built:
        optimizer = torch.optim.AdamW([p for _, p in parameters])
        return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1.0)


class DeafToRates(AdamW):
    def build(self, parameters: Named, steps: int, rates: Rates = None) -> Built:
        return super().build(parameters, steps, None)


class NoBatch(AdamW):
    """Its own constructor names no knob at all."""


BROKEN: Mapping[str, Mapping[str, tuple[type[Any], ...]]] = {
    "targets": {
        **WITH_LABELS,
        "a_target_changes_rows_one_by_one": (CentresTheBatch,),
        "a_target_leaves_certain_right_rows_alone": (CorrectsNothing, TurnsRightRows),
    },
    "weightings": {
        **WITH_LABELS,
        "a_weighting_gives_every_row_a_finite_weight": (BelowZero, InfiniteWhereCertain),
        "a_weighting_tells_rows_apart": (AllAlike,),
    },
    "schedules": {
        **WITH_LABELS,
        "a_schedule_moves_and_keeps_its_factors_between_nothing_and_all": (
            NeverMoves,
            EndsBelowZero,
        ),
        "a_schedule_that_needs_a_hard_loss_is_one_that_silences_the_logit_loss": (
            SilentAboutHard,
            NeedsTheWeather,
        ),
    },
    "optimizers": {
        **COMMON,
        "the_labels_are_written": (Plain,),
        "a_batch_is_a_knob_of_whole_numbers": (NoBatch,),
        "a_step_changes_every_parameter_at_both_ends_of_every_knob": (TrainsWeightsOnly,),
        "the_rate_is_never_below_zero_and_falls_at_the_end": (RateStays,),
        "frozen_parameters_are_left_alone": (TakesTheFrozen,),
        "a_parameter_has_its_multiple_of_the_rate": (DeafToRates,),
    },
}
"""Names of checks by family, and the members that each must refuse."""
