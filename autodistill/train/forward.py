"""One pass of a student or a teacher over a batch."""

from typing import Any

from torch import Tensor

from autodistill.train.data import Batch


def forward(student: Any, batch: Batch, *, states: bool) -> tuple[Tensor, list[Tensor]]:
    """Logits (batch, classes) and, if asked for, the mean state of each layer (batch, width), 0 the embedding."""
    tokens = {"input_ids": batch.ids} if batch.embeddings is None else {"inputs_embeds": batch.embeddings}
    inputs = {**tokens, "attention_mask": batch.mask, "output_hidden_states": states}
    if getattr(student.config, "type_vocab_size", 0) > 1:
        inputs["token_type_ids"] = batch.types
    out = student(**inputs)
    return out.logits.float(), [pool(h, batch.mask) for h in out.hidden_states] if states else []


def pool(hidden: Tensor, mask: Tensor) -> Tensor:
    """Mean over valid tokens: (batch, tokens, width) to (batch, width), in float32."""
    weight = mask.unsqueeze(-1).float()
    return (hidden.float() * weight).sum(1) / weight.sum(1).clamp_min(1.0)
