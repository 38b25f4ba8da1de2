"""What a fit needs to know of a network, its rows and its pipeline."""

from collections.abc import Sequence
from typing import Any

from autodistill.components.students import widths_of
from autodistill.registry import families
from autodistill.study.pipeline import TREATMENTS, Pipeline, Term
from autodistill.training.feature_terms import Shapes
from autodistill.training.signals import OpenShard
from autodistill.training.spectral_entropy import profile


def shapes_of(network: Any, shard: OpenShard, terms: Sequence[Term] = (), heads: int = 1) -> Shapes:
    """Layers and widths of the student and of the recorded teacher."""
    chooses = any(
        t.mapping and families.card("mappings", t.mapping.name).facts.get("chooses") for t in terms
    )
    pooled = shard.signals.pooled if shard.signals else {}
    spectrum = profile([pooled[n] for n in sorted(pooled)]) if chooses and pooled else ()
    own, theirs = (
        widths_of(network.config),
        tuple(pooled[n].shape[1] for n in sorted(pooled)) or (0,),
    )
    return Shapes(
        student_layers=len(own) - 1,
        student_width=own[-1],
        teacher_layers=len(theirs) - 1,
        teacher_width=theirs[-1],
        student_heads=getattr(network.config, "kept_heads", 0)
        or getattr(network.config, "num_attention_heads", 1),
        teacher_heads=heads,
        classes=network.config.num_labels,
        spectrum=spectrum,
        student_stages=_where_they_differ(own),
        teacher_stages=_where_they_differ(theirs),
    )


def _where_they_differ(widths: tuple[int, ...]) -> tuple[int, ...]:
    return widths if len(set(widths)) > 1 else ()


def beside(pipeline: Pipeline) -> dict[str, Any]:
    """Companion and post of a pipeline, built; nothing for those that are not used."""
    stages = {k: pipeline.treatments[k] for k in ("companion", "post") if k in pipeline.treatments}
    return {k: families.build(TREATMENTS[k], part.name, part.knobs) for k, part in stages.items()}


def count(network: Any) -> dict[str, float]:
    """Parameters and float32 bytes of a network."""
    sizes: Sequence[int] = [p.numel() for p in network.parameters()]
    return {"params": float(sum(sizes)), "size_bytes": float(4 * sum(sizes))}
