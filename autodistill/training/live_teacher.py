"""The teacher run during training, for signals that are not on disk."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Self

import numpy as np
import torch
from torch import Tensor

from autodistill.components.mixups import Mix
from autodistill.components.students import Backbone, Vocabulary, load_teacher
from autodistill.components.students._pixels import FILE, Look
from autodistill.study.pipeline import Pipeline
from autodistill.study.rules import by_token
from autodistill.training.batches import Batch
from autodistill.training.forward import forward, show
from autodistill.training.signals import OpenShard, SignalRequest


class LiveTeacher:
    """The frozen teacher.

    No submodule of the student, so it is neither trained nor averaged nor switched to training
    mode.
    """

    def __init__(self, backbone: Backbone, vocabulary: Vocabulary) -> None:
        self.full_id = (
            None if vocabulary.keep is None else torch.from_numpy(np.load(vocabulary.keep))
        )
        images = (backbone.folder / FILE).exists()
        pad = vocabulary.pad_id if self.full_id is None else int(self.full_id[vocabulary.pad_id])
        self.network = load_teacher(backbone, None if images else pad).requires_grad_(False)
        self.looks = (Look.read(backbone.folder), Look.read(vocabulary.folder)) if images else None
        """Preprocessing of the teacher and of the student."""

    def __deepcopy__(self, _: Any) -> Self:
        return self

    @torch.no_grad()
    def answer(self, clean: Batch, mixed: Batch, mix: Mix, layers: Sequence[int]) -> Batch:
        """The mixed batch with the teacher's outputs for it.

        The teacher's own embeddings are blended by the same shares and partners.
        """
        asked = replace(
            mixed, embeddings=blend_embeddings(self.network, self._own_ids(clean), clean.mask, mix)
        )
        logits, pooled = forward(self.network, asked, states=bool(layers))
        return replace(mixed, teacher_logits=logits, teacher_pooled={n: pooled[n] for n in layers})

    @torch.no_grad()
    def read(self, batch: Batch, wanted: SignalRequest) -> Batch:
        """The batch with the teacher's token signals."""
        asked = replace(batch, ids=self._own_ids(batch))
        shown = show(
            self.network,
            asked,
            states=False,
            tokens=bool(wanted.tokens),
            projections=wanted.projections,
        )
        return replace(
            batch,
            teacher_tokens={n: shown.tokens[n].float() for n in wanted.tokens},
            teacher_projections=shown.projections,
            aligned=None,
        )

    def _own_ids(self, batch: Batch) -> Tensor:
        if self.looks is not None:
            return self.looks[0].of(batch.ids, self.looks[1])
        return batch.ids if self.full_id is None else self.full_id[batch.ids]


def live_teacher(
    pipeline: Pipeline, shards: Sequence[OpenShard], backbone: Backbone, vocabulary: Vocabulary
) -> LiveTeacher | None:
    """The live teacher, if the terms need token signals that are not all recorded."""
    wanted = by_token(pipeline.terms)
    recorded = all(s.signals is not None and wanted <= s.signals.by_token.keys() for s in shards)
    return None if recorded else LiveTeacher(backbone, vocabulary)


def blend_embeddings(network: Any, ids: Tensor, mask: Tensor, mix: Mix) -> Tensor:
    """Blended inputs: word embeddings (batch, tokens, width), or pixels of images.

    Embeddings are the network's own; padding is zero, whatever stands in its row.
    """
    if ids.dim() == 4:
        return mix.blend(ids)
    embed: Callable[[Tensor], Tensor] = network.get_input_embeddings()
    return mix.blend(embed(ids) * mask.unsqueeze(-1))
