"""Training on mixed rows: a batch becomes its blend, and the teacher's part in it is interpolated or asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from autodistill import family
from autodistill.mixups import Mix, Mixup
from autodistill.optimizers import OptimizerRecipe
from autodistill.pipeline import NONE, Pipeline, Term
from autodistill.students import Backbone, Vocabulary, load_classifier, use_labels
from autodistill.train.data import Batch
from autodistill.train.forward import forward
from autodistill.train.guidance import Guidance
from autodistill.train.matched import Shapes
from autodistill.train.module import Distill


class LiveTeacher:
    """The teacher itself, frozen; no module of the student's, so it is neither trained nor averaged nor switched to training."""

    def __init__(self, backbone: Backbone, vocabulary: Vocabulary) -> None:
        self.network = load_classifier(backbone.folder, len(backbone.label_names)).eval().requires_grad_(False)
        use_labels(self.network, backbone.label_names, backbone.order)
        self.full_id = None if vocabulary.keep is None else torch.from_numpy(np.load(vocabulary.keep))

    def __deepcopy__(self, _: Any) -> Self:
        return self

    @torch.no_grad()
    def answer(self, clean: Batch, mixed: Batch, mix: Mix, layers: Sequence[int]) -> Batch:
        """The mixed batch with what the teacher says of it: its own embeddings blended by the same shares and partners."""
        ids = clean.ids if self.full_id is None else self.full_id[clean.ids]
        asked = replace(mixed, embeddings=blend_embeddings(self.network, ids, clean.mask, mix))
        logits, pooled = forward(self.network, asked, states=bool(layers))
        return replace(mixed, teacher_logits=logits, teacher_pooled={n: pooled[n] for n in layers})


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


def mixing_of(pipeline: Pipeline, backbone: Backbone, vocabulary: Vocabulary, seed: int) -> Mixing | None:
    """What a pipeline's mixup asks for; the teacher is loaded only where it has to answer and a term listens."""
    if pipeline.mixup == NONE:
        return None
    mixup: Mixup = family.build("mixups", pipeline.mixup.name, pipeline.mixup.knobs)
    listens = any(family.card("losses", t.loss.name).facts["kind"] != "hard" for t in pipeline.terms)
    teacher = LiveTeacher(backbone, vocabulary) if mixup.teacher == "consistent" and listens else None
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
        if mixing.mixup.place == "embedding":
            check_takes_embeddings(student)
        super().__init__(student, terms, shapes, optimizer, steps, guidance)
        self.mixing = mixing

    @property
    def recorded_layers(self) -> tuple[int, ...]:
        """None of the teacher's when it answers itself."""
        return self.teacher_layers if self.mixing.teacher is None else ()

    def training_step(self, batch: Batch, index: int) -> Tensor:
        """The weighted sum for one batch, mixed first."""
        return super().training_step(self.mixing(self.student, batch, self.teacher_layers), index)


@torch.no_grad()
def check_takes_embeddings(network: Any) -> None:
    """Raises ValueError for a network that answers otherwise when it is given embeddings: one that looks for the last token, say."""
    was_training, pad = network.training, network.config.pad_token_id
    a, b, c = (i for i in range(4) if i != pad) if (pad or 0) < 4 and pad is not None else range(3)
    ids, mask = torch.tensor([[a, b, c], [a, b, pad or 0]]), torch.tensor([[1, 1, 1], [1, 1, 0]])
    network.eval()
    by_ids = network(input_ids=ids, attention_mask=mask).logits
    by_embeddings = network(inputs_embeds=network.get_input_embeddings()(ids), attention_mask=mask).logits
    network.train(was_training)
    if not torch.allclose(by_ids, by_embeddings, rtol=1e-3, atol=1e-4):
        raise ValueError(f"mixup needs a network that takes embeddings in place of ids, which {type(network).__name__} does not")


def mix_batch(student: Any, batch: Batch, mix: Mix, place: str = "embedding") -> Batch:
    """Labels and recorded answers blended, and embeddings, under the union of both texts' masks; or the states, later."""
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
    return replace(mixed, mask=mix.mask(batch.mask), types=mix.types(batch.types, batch.mask), embeddings=blended)


def blend_embeddings(network: Any, ids: Tensor, mask: Tensor, mix: Mix) -> Tensor:
    """(batch, tokens, width) by the network's own word embeddings; padding is zero, whatever stands in its row."""
    embed: Callable[[Tensor], Tensor] = network.get_input_embeddings()
    return mix.blend(embed(ids) * mask.unsqueeze(-1))
