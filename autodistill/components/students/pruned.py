"""A transformer cut from the teacher: some of its layers, some heads of each.

Source   Michel et al. 2019, arXiv:1905.10650; Voita et al. 2019, arXiv:1905.09418.
Idea     Most heads of a layer can be removed; the width, and with it the other weights, stays the
         teacher's.
Inputs   the folder of a teacher of model type BERT.
Differs  heads are ranked by the norm of the product of their value and output maps, which bounds
         what they can write: no data is used.
"""

from typing import Annotated, Any, ClassVar

import torch
from torch import Tensor, nn

from autodistill.components.students import (
    Backbone,
    Student,
    Vocabulary,
    own_memory,
    use_dropout,
    use_labels,
)
from autodistill.components.students._networks import untrained
from autodistill.components.students.cut import cut_from, kept_layers
from autodistill.errors import SpecError
from autodistill.registry.ranges import OneOf


class Pruned(Student):
    from_teacher: ClassVar[bool] = True
    kinds = ("bert",)

    def __init__(
        self,
        *,
        keep: Annotated[float, OneOf(0.17, 0.25, 0.34, 0.5, 0.67, 1.0)] = 0.5,
        heads: Annotated[float, OneOf(0.09, 0.25, 0.5, 0.75)] = 0.5,
        pick: Annotated[str, OneOf("uniform", "ends", "first", "last")] = "uniform",
        vocabulary: Annotated[str, OneOf("covering", "trimmed", "full")] = "covering",
        dropout: Annotated[float, OneOf(0.0, 0.1)] = 0.0,
    ) -> None:
        self.keep = keep
        self.heads = heads
        self.pick = pick
        self.vocabulary = vocabulary
        self.dropout = dropout

    def build(self, backbone: Backbone, vocabulary: Vocabulary) -> nn.Module:
        """The chosen layers with the share `heads` of their heads, at least one.

        Raises SpecError for a teacher of another model type.
        """
        from autodistill.components.students._networks.pruned import PrunedConfig

        kept = kept_layers(backbone.layers, self.keep, self.pick)
        whole: Any = cut_from(backbone, vocabulary, kept, embeddings="trained", dropout=0.0)
        if whole.config.model_type not in self.kinds:
            raise SpecError(
                f"student 'pruned' is for teachers of model type {', '.join(self.kinds)}, not "
                f"{whole.config.model_type}; use the student 'cut'."
            )
        count = max(1, round(self.heads * whole.config.num_attention_heads))
        known = {
            k: v
            for k, v in whole.config.to_dict().items()
            if k not in ("model_type", "architectures")
        }
        model: Any = untrained(PrunedConfig(kept_heads=count, **known))
        chosen = [strongest(layer.attention, count) for layer in whole.bert.encoder.layer]
        own, size = model.state_dict(), whole.config.hidden_size // whole.config.num_attention_heads
        with torch.no_grad():
            for name, value in whole.state_dict().items():
                own[name].copy_(_of_heads(name, value, chosen, size))
        use_labels(model, backbone.label_names, ())
        use_dropout(model, self.dropout)
        made: nn.Module = own_memory(model)
        return made


def strongest(attention: Any, count: int) -> Tensor:
    """Indices of the `count` strongest heads of a layer, in ascending order.

    Strength is the Frobenius norm of output map times value map.
    """
    inner, outer = attention.self.value.weight, attention.output.dense.weight
    heads = attention.self.num_attention_heads
    values, outputs = (
        inner.view(heads, -1, inner.shape[1]),
        outer.view(outer.shape[0], heads, -1).transpose(0, 1),
    )
    found: Tensor = (outputs @ values).flatten(1).norm(dim=1).topk(count).indices.sort().values
    return found


def _of_heads(name: str, value: Tensor, chosen: list[Tensor], size: int) -> Tensor:
    """The part of a tensor that belongs to its layer's chosen heads.

    A tensor that belongs to no head is returned whole.
    """
    if ".attention.self." not in name and not name.endswith("attention.output.dense.weight"):
        return value
    heads = chosen[int(name.split("encoder.layer.")[1].split(".")[0])]
    rows = (heads.unsqueeze(1) * size + torch.arange(size)).flatten()
    return value[:, rows] if name.endswith("dense.weight") else value[rows]
