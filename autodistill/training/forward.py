"""One forward pass of a student or a teacher over a batch, with layer outputs."""

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
    """Outputs of a forward pass."""

    logits: Tensor
    """(batch, classes)."""
    pooled: list[Tensor] = field(default_factory=list)
    """Mean state by layer (batch, width), 0 the embedding; empty if not requested."""
    tokens: list[Tensor] = field(default_factory=list)
    """State of each token by layer: (batch, tokens, width)."""
    projections: dict[int, Tensor] = field(default_factory=dict)
    """Queries, keys and values by layer, 0 the first: (3, batch, tokens, width)."""

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
    """One forward pass.

    `states` adds the mean state of each layer, `tokens` the state of each token, `projections` the
    queries, keys and values of some layers.
    """
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
    """Logits (batch, classes) and, with `states`, each layer's mean state.

    Mean states are (batch, width); the first is the embedding.
    """
    shown = show(network, batch, states=states)
    return shown.logits, shown.pooled
