"""One pass of a student or a teacher over a batch, and what its layers show."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any, Self

from torch import Tensor

from autodistill.components.mixups import Mix
from autodistill.components.students._passes import inputs_of, pool
from autodistill.training.batches import Batch
from autodistill.training.projections import projected


@dataclass(frozen=True)
class ForwardOutput:
    """What a pass showed."""

    logits: Tensor
    """(batch, classes)"""
    pooled: list[Tensor] = field(default_factory=list)
    """Mean state of each layer (batch, width), 0 the embedding; empty if not asked for."""
    tokens: list[Tensor] = field(default_factory=list)
    """State of each token by layer: (batch, tokens, width)."""
    projections: dict[int, Tensor] = field(default_factory=dict)
    """Queries, keys and values by layer, 0 the first one's: (3, batch, tokens, width)."""

    def blended(self, mix: Mix) -> Self:
        """Logits and mean states of mixed rows."""
        return replace(
            self,
            logits=mix.blend(self.logits),
            pooled=[mix.blend(states) for states in self.pooled],
        )

    def only(self, rows: Tensor) -> Self:
        """Logits and mean states of some rows."""
        return replace(
            self, logits=self.logits[rows], pooled=[states[rows] for states in self.pooled]
        )


def show(
    network: Any,
    batch: Batch,
    *,
    states: bool,
    tokens: bool = False,
    projections: Collection[int] = (),
) -> ForwardOutput:
    """One pass; `states` for the mean state of each layer, `tokens` for those of each token, `projections` for some layers' attention."""
    inputs = inputs_of(
        network,
        batch.ids if batch.embeddings is None else batch.embeddings,
        batch.mask,
        batch.types,
    )
    with projected(network, projections) as found:
        out = network(**inputs, output_hidden_states=states or tokens)
    hidden = out.hidden_states if states or tokens else ()
    pooled = [pool(h, batch.mask) for h in hidden] if states else []
    return ForwardOutput(out.logits.float(), pooled, list(hidden) if tokens else [], found)


def forward(network: Any, batch: Batch, *, states: bool) -> tuple[Tensor, list[Tensor]]:
    """Logits (batch, classes) and, if asked for, the mean state of each layer (batch, width), 0 the embedding."""
    shown = show(network, batch, states=states)
    return shown.logits, shown.pooled
