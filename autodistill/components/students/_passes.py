"""Forward passes: a network's input arguments, and mean pooling of its states."""

from typing import Any

from torch import Tensor

TYPES = "token_type_ids"
"""Which of two texts a token belongs to."""


def inputs_of(network: Any, given: Tensor, mask: Tensor, types: Tensor) -> dict[str, Tensor]:
    """The keyword arguments that a network accepts.

    `given` is token ids (batch, tokens), word embeddings (batch, tokens, width) or pixels (batch,
    channels, height, width).
    """
    if given.dim() == 4:
        return {"pixel_values": given}
    inputs = {
        "inputs_embeds" if given.is_floating_point() else "input_ids": given,
        "attention_mask": mask,
    }
    if TYPES in input_names(network):
        inputs[TYPES] = types
    return inputs


def input_names(network: Any) -> tuple[str, ...]:
    """Names of the inputs that a classifier of texts takes from its tokenizer."""
    types = (TYPES,) if getattr(network.config, "type_vocab_size", 0) > 1 else ()
    return ("input_ids", *types, "attention_mask")


def pool(hidden: Tensor, mask: Tensor) -> Tensor:
    """Mean over valid tokens or map positions: (batch, width), in float32.

    `hidden` is (batch, tokens, width) or (batch, channels, height, width).
    """
    if hidden.dim() == 4:
        return hidden.float().mean((2, 3))
    if hidden.shape[1] != mask.shape[1]:  # the mask has one token per image, the network many
        return hidden.float().mean(1)
    weight = mask.unsqueeze(-1).float()
    return (hidden.float() * weight).sum(1) / weight.sum(1).clamp_min(1.0)
