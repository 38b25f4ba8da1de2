"""What a fit needs to know of a network, its rows and its pipeline."""

from collections.abc import Sequence
from typing import Any

from autodistill import family
from autodistill.arrays import OpenShard
from autodistill.pipeline import TREATMENTS, Pipeline, Term
from autodistill.train.matched import Shapes
from autodistill.train.spectral_entropy import profile


def shapes_of(network: Any, shard: OpenShard, terms: Sequence[Term] = (), heads: int = 1) -> Shapes:
    """Layers and widths of the student and of the recorded teacher."""
    chooses = any(t.mapping and family.card("mappings", t.mapping.name).facts.get("chooses") for t in terms)
    pooled = shard.signals.pooled if shard.signals else {}
    spectrum = profile([pooled[n] for n in sorted(pooled)]) if chooses and pooled else ()
    layers = max(pooled, default=0)
    width = pooled[layers].shape[1] if pooled else 0
    own = network.config
    return Shapes(own.num_hidden_layers, own.hidden_size, layers, width, own.num_attention_heads, heads, own.num_labels, spectrum)


def beside(pipeline: Pipeline) -> dict[str, Any]:
    """Companion and post of a pipeline, built; nothing for those that are not used."""
    stages = {k: pipeline.treatments[k] for k in ("companion", "post") if k in pipeline.treatments}
    return {k: family.build(TREATMENTS[k], part.name, part.knobs) for k, part in stages.items()}


def count(network: Any) -> dict[str, float]:
    """Parameters and float32 bytes of a network."""
    sizes: Sequence[int] = [p.numel() for p in network.parameters()]
    return {"params": float(sum(sizes)), "size_bytes": float(4 * sum(sizes))}
