"""A pipeline's changes to the teacher's signal: targets, row weights, schedules."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Self

from torch import Tensor

from autodistill.components.schedules import Factors, Schedule, StepStats
from autodistill.components.targets import Target
from autodistill.components.tutors import Tutor
from autodistill.components.weightings import Weighting
from autodistill.registry import families
from autodistill.registry.slots import slots
from autodistill.study.pipeline import Pipeline
from autodistill.training.batches import Batch


@dataclass(frozen=True)
class Guidance:
    """The parts that are used, built; None for those that are not."""

    target: Target | None = None
    weighting: Weighting | None = None
    schedule: Schedule | None = None
    share: float = 1.0
    """Weight of the logit loss in the pipeline."""
    tutor: Tutor | None = None
    """Only one that blends its networks in the training."""

    @classmethod
    def of(cls, pipeline: Pipeline) -> Self:
        """The guidance of a pipeline's stages."""
        made: dict[str, Any] = {
            slot: families.build(slots()[slot].family, part.name, part.knobs)
            for slot, part in pipeline.stages.items()
            if slot in ("target", "weighting", "schedule")
            or (slot == "tutor" and families.card("tutors", part.name).traits.get("blends"))
        }
        kinds = [families.card("losses", t.loss.name).traits["kind"] for t in pipeline.terms]
        return cls(
            **made, share=sum(t.weight for t, kind in zip(pipeline.terms, kinds) if kind == "logit")
        )

    @property
    def parts(self) -> tuple[Any, ...]:
        """Those that are used, or None in their place."""
        return self.target, self.weighting, self.schedule, self.tutor

    def factors(self, progress: float) -> Factors:
        """The factors of a step."""
        return Factors() if self.schedule is None else self.schedule.factors(progress)

    @property
    def listens(self) -> bool:
        """Whether it wants to hear of every step."""
        return self.schedule is not None and self.schedule.listens

    def hear(self, heard: StepStats) -> None:
        """Take in the statistics of the step that was just made."""
        if self.schedule is not None:
            self.schedule.hear(heard)

    def hear_teachers(self, logits: Tensor, batch: Batch) -> None:
        """Tell a tutor that blends its networks how the student did in the last step."""
        if self.tutor is not None and batch.teacher_each is not None:
            self.tutor.hear(logits.detach(), batch.teacher_each)

    def revised(self, batch: Batch, factors: Factors) -> Batch:
        """The batch with what the teacher is made to say."""
        logits = batch.teacher_logits
        blends = self.tutor is not None and batch.teacher_each is not None
        if logits is None or (self.target is None and factors.teacher == 1.0 and not blends):
            return batch
        if self.tutor is not None and batch.teacher_each is not None:
            logits = self.tutor.blend(batch.teacher_each)
        if self.target is not None:
            target: Any = self.target
            logits = target.revise(
                logits, batch.labels, *([batch.personal] if target.for_privacy else [])
            )
        return replace(batch, teacher_logits=logits * factors.teacher)

    def begin(
        self, logits: Tensor, labels: Tensor, states: Callable[[int], Tensor] | None = None
    ) -> None:
        """Take in the teacher's predictions and mean states before the first step.

        The predictions are those for the rows of the training; `states(-1)` gives the mean states
        of the last layer.
        """
        if self.target is not None:
            self.target.begin(logits, labels)
            if "pooled" in self.target.needs and states is not None:
                target: Any = self.target
                target.see(states(-1), labels, logits.shape[1])
        if self.weighting is not None:
            self.weighting.begin(self.share, logits, labels)

    @property
    def trades(self) -> bool:
        """Whether rows are weighed between label and teacher."""
        return self.weighting is not None and self.weighting.trades

    @property
    def held_out(self) -> float:
        """Share of the training rows that the weighting learns from, not the student."""
        return 0.0 if self.weighting is None else self.weighting.held_out

    @property
    def compares(self) -> bool:
        """Whether rows are weighed by a reference, too."""
        return self.weighting is not None and "pooled" in self.weighting.needs

    def weights(
        self, logits: Tensor, batch: Batch, reference: Tensor | None = None
    ) -> Tensor | None:
        """Weights of the rows in the logit loss (batch,); None: all weigh one."""
        if self.weighting is None or batch.teacher_logits is None:
            return None
        weighting: Any = self.weighting
        beside = () if reference is None else (reference,)
        weights: Tensor = weighting.weights(
            logits.detach().float(), batch.teacher_logits, batch.labels, *beside
        )
        return weights


UNGUIDED = Guidance()
"""The teacher as it is."""
