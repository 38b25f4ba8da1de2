"""Training on mixed rows, with the teacher interpolated or run on the blend."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch.nn import functional as F

from autodistill.components.mixups import Mix, Mixup
from autodistill.components.students import Backbone, Vocabulary
from autodistill.components.students._layers import shaped
from autodistill.components.students._networks import untrained
from autodistill.registry import families
from autodistill.study.pipeline import NONE, Pipeline
from autodistill.training.batches import Batch
from autodistill.training.live_teacher import LiveTeacher, blend_embeddings

FEW_WORDS = 16
"""Words of a network that is made to be tried."""


@dataclass(frozen=True)
class Mixing:
    """Mixing of the batches of one fit."""

    mixup: Mixup
    teacher: LiveTeacher | None
    """None: its recorded outputs are interpolated."""
    random: np.random.Generator

    def __call__(self, student: Any, batch: Batch, layers: Sequence[int]) -> Batch:
        """The blend of a batch; `layers` are the teacher's layers that are read."""
        mix = self.mixup.draw(len(batch.labels), self.random).to(batch.labels.device)
        mixed = mix_batch(student, batch, mix, self.mixup.place)
        if self.mixup.teacher == "silent":
            mixed = replace(mixed, heard=mix.share == 1)
        return mixed if self.teacher is None else self.teacher.answer(batch, mixed, mix, layers)


def mixing_of(
    pipeline: Pipeline, backbone: Backbone, vocabulary: Vocabulary, seed: int
) -> Mixing | None:
    """The mixing that a pipeline requests, or None.

    The teacher is loaded only where the mixup runs it on the blend and a term uses it.
    """
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


def check_takes_embeddings(network: Any) -> None:
    """Raises ValueError for a network whose output differs when given embeddings.

    A network that looks for the last token by its id is one.
    """
    if not _takes_embeddings(network):
        raise ValueError(
            "mixup needs a network that takes embeddings in place of ids, which "
            f"{type(network).__name__} does not; choose another student or leave mixup out"
        )


def blends_words(config: Any) -> bool:
    """Whether networks of this config take embeddings in place of ids; a small one is tried."""
    try:
        small = shaped(config, (0,))
        small.vocab_size = FEW_WORDS
        small.pad_token_id = min(small.pad_token_id or 0, FEW_WORDS - 1)
        with torch.random.fork_rng(devices=()):
            return _takes_embeddings(untrained(small))
    except (ValueError, RuntimeError, TypeError, AttributeError, LookupError):
        return False


@torch.no_grad()
def _takes_embeddings(network: Any) -> bool:
    was_training, pad = network.training, network.config.pad_token_id
    a, b, c = (i for i in range(4) if i != pad) if (pad or 0) < 4 and pad is not None else range(3)
    ids, mask = torch.tensor([[a, b, c], [a, b, pad or 0]]), torch.tensor([[1, 1, 1], [1, 1, 0]])
    network.eval()
    by_ids = network(input_ids=ids, attention_mask=mask).logits
    by_embeddings = network(
        inputs_embeds=network.get_input_embeddings()(ids), attention_mask=mask
    ).logits
    network.train(was_training)
    return torch.allclose(by_ids, by_embeddings, rtol=1e-3, atol=1e-4)


def mix_batch(student: Any, batch: Batch, mix: Mix, place: str = "embedding") -> Batch:
    """The batch with labels and recorded teacher outputs blended.

    Embeddings or pixels are blended, too, under the union of both texts' masks; with place "state",
    the states are blended later instead.
    """
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
