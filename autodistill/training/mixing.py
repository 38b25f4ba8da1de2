"""Training on mixed rows: a batch becomes its blend, and the teacher's part in it is interpolated or asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.mixups import Mix, Mixup
from autodistill.components.optimizers import OptimizerRecipe
from autodistill.components.students import Backbone, Vocabulary
from autodistill.registry import families
from autodistill.study.pipeline import NONE, Pipeline, Term
from autodistill.training.batches import Batch
from autodistill.training.feature_terms import Shapes
from autodistill.training.guidance import Guidance
from autodistill.training.live_teacher import LiveTeacher, blend_embeddings
from autodistill.training.module import Distill
from autodistill.training.signals import SignalRequest


@dataclass(frozen=True)
class Mixing:
    """How the batches of one fit are mixed."""

    mixup: Mixup
    teacher: LiveTeacher | None
    """None: its recorded answers are interpolated."""
    random: np.random.Generator

    def __call__(self, student: Any, batch: Batch, layers: Sequence[int]) -> Batch:
        """The blend of a batch, `layers` being the teacher's that are looked at."""
        mix = self.mixup.draw(len(batch.labels), self.random)
        mixed = mix_batch(student, batch, mix, self.mixup.place)
        if self.mixup.teacher == "silent":
            mixed = replace(mixed, heard=mix.share == 1)
        return mixed if self.teacher is None else self.teacher.answer(batch, mixed, mix, layers)


def mixing_of(
    pipeline: Pipeline, backbone: Backbone, vocabulary: Vocabulary, seed: int
) -> Mixing | None:
    """What a pipeline's mixup asks for; the teacher is loaded only where it has to answer and a term listens."""
    if (part := pipeline.stage("mixup")) == NONE:
        return None
    mixup: Mixup = families.build("mixups", part.name, part.knobs)
    listens = any(
        families.card("losses", t.loss.name).traits["kind"] != "hard" for t in pipeline.terms
    )
    teacher = (
        LiveTeacher(backbone, vocabulary) if mixup.teacher == "consistent" and listens else None
    )
    return Mixing(mixup, teacher, np.random.default_rng((seed, 1)))


class MixedDistill(Distill):
    """The same sum of terms over mixed batches."""

    def __init__(
        self,
        student: Any,
        terms: Sequence[Term],
        shapes: Shapes,
        optimizer: OptimizerRecipe,
        steps: int,
        guidance: Guidance,
        mixing: Mixing,
    ) -> None:
        if mixing.mixup.place == "embedding" and student.main_input_name != "pixel_values":
            check_takes_embeddings(student)
        super().__init__(student, terms, shapes, optimizer, steps, guidance)
        self.mixing = mixing

    @property
    def recorded(self) -> SignalRequest:
        """Nothing when the teacher answers itself."""
        return super().recorded if self.mixing.teacher is None else SignalRequest()

    def training_step(self, batch: Batch, index: int) -> Tensor:
        """The weighted sum for one batch, mixed first."""
        return super().training_step(self.mixing(self.student, batch, self.wanted.pooled), index)


@torch.no_grad()
def check_takes_embeddings(network: Any) -> None:
    """Raises ValueError for a network that answers otherwise when it is given embeddings: one that looks for the last token, say."""
    was_training, pad = network.training, network.config.pad_token_id
    a, b, c = (i for i in range(4) if i != pad) if (pad or 0) < 4 and pad is not None else range(3)
    ids, mask = torch.tensor([[a, b, c], [a, b, pad or 0]]), torch.tensor([[1, 1, 1], [1, 1, 0]])
    network.eval()
    by_ids = network(input_ids=ids, attention_mask=mask).logits
    by_embeddings = network(
        inputs_embeds=network.get_input_embeddings()(ids), attention_mask=mask
    ).logits
    network.train(was_training)
    if not torch.allclose(by_ids, by_embeddings, rtol=1e-3, atol=1e-4):
        raise ValueError(
            f"mixup needs a network that takes embeddings in place of ids, which {type(network).__name__} does not"
        )


def mix_batch(student: Any, batch: Batch, mix: Mix, place: str = "embedding") -> Batch:
    """Labels and recorded answers blended, and embeddings, or pixels, under the union of both texts' masks; or the states, later."""
    mixed = replace(
        batch,
        labels=mix.blend(F.one_hot(batch.labels, student.config.num_labels).float()),
        teacher_logits=None if batch.teacher_logits is None else mix.blend(batch.teacher_logits),
        teacher_pooled={n: mix.blend(states) for n, states in batch.teacher_pooled.items()},
        rows=None,
    )
    if place == "state":
        return replace(mixed, mix=mix)
    blended = blend_embeddings(student, batch.ids, batch.mask, mix)
    return replace(
        mixed,
        mask=mix.mask(batch.mask),
        types=mix.types(batch.types, batch.mask),
        embeddings=blended,
    )
