"""The facts about a network, its rows and its pipeline that a fit needs."""

from collections.abc import Sequence
from typing import Any

from autodistill.components.students import widths_of
from autodistill.registry import families
from autodistill.registry.slots import slots
from autodistill.study.pipeline import Pipeline, Term
from autodistill.training.feature_terms import Shapes
from autodistill.training.signals import OpenShard
from autodistill.training.spectral_entropy import profile


def shapes_of(network: Any, shard: OpenShard, terms: Sequence[Term] = (), heads: int = 1) -> Shapes:
    """Layers and widths of the student and of the recorded teacher."""
    chooses = any(
        t.mapping and families.card("mappings", t.mapping.name).traits.get("chooses") for t in terms
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
    return {
        slot: families.build(slots()[slot].family, part.name, part.knobs)
        for slot, part in pipeline.stages.items()
        if slot in ("companion", "post")
    }


def count(network: Any) -> dict[str, float]:
    """Parameters and float32 bytes of a network."""
    sizes: Sequence[int] = [p.numel() for p in network.parameters()]
    return {"params": float(sum(sizes)), "size_bytes": float(4 * sum(sizes))}
