"""A network over static word vectors: their mean over a text, read by a small head.

Source   Tulkens & van Dongen 2024, Model2Vec (github.com/MinishLab/model2vec).
"""

from typing import Any

import torch
from torch import Tensor, nn
from transformers import PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import SequenceClassifierOutput


class StaticConfig(PretrainedConfig):
    """Sizes of the network."""

    model_type = "autodistill_static"

    def __init__(
        self,
        vocab_size: int = 1000,
        pad_token_id: int = 0,
        width: int = 128,
        inner: int = 0,
        dropout: float = 0.1,
        **other: Any,
    ) -> None:
        self.vocab_size = vocab_size
        self.width = width
        """Values of a word vector."""
        self.inner = inner
        """Units of the head's hidden layer; 0: none."""
        self.dropout = dropout
        self.num_hidden_layers = 1
        self.num_attention_heads = 1
        self.hidden_size = inner or width
        """Width of a text's state."""
        super().__init__(pad_token_id=pad_token_id, **other)


class TextState(nn.Module):
    """The mean of a text's word vectors, through a hidden layer if there is one."""

    def __init__(self, config: StaticConfig) -> None:
        super().__init__()
        self.drop = nn.Dropout(config.dropout)
        self.layer: nn.Module = (
            nn.Linear(config.width, config.inner) if config.inner else nn.Identity()
        )
        self.act: nn.Module = nn.ReLU() if config.inner else nn.Identity()

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Map (batch, tokens, width) to (batch, inner or width); padding is not read."""
        mean = (x * mask.unsqueeze(2)).sum(1) / mask.sum(1, keepdim=True).clamp_min(1)
        return self.through(self.drop(mean))

    def through(self, x: Tensor) -> Tensor:
        """Map (..., width) to (..., inner or width): what a text of this vector would be."""
        return torch.as_tensor(self.act(self.layer(x)))


class StaticForSequenceClassification(PreTrainedModel):
    """A classifier from token ids (batch, tokens) to logits (batch, classes)."""

    config_class = StaticConfig
    base_model_prefix = "layers"

    def __init__(self, config: StaticConfig) -> None:
        super().__init__(config)
        self.words: nn.Module = nn.Embedding(
            config.vocab_size, config.width, padding_idx=config.pad_token_id
        )
        self.layers = nn.ModuleList([TextState(config)])
        self.drop: nn.Module = nn.Dropout(config.dropout) if config.inner else nn.Identity()
        self.classifier = nn.Linear(config.hidden_size, config.num_labels)
        self.post_init()

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        if isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.1)
        elif isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
            nn.init.zeros_(module.bias)

    def get_input_embeddings(self) -> nn.Module:
        """The table of word vectors."""
        return self.words

    def set_input_embeddings(self, value: nn.Module) -> None:
        """Replace the table of word vectors."""
        self.words = value

    def forward(
        self,
        input_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        inputs_embeds: Tensor | None = None,
        labels: Tensor | None = None,
        output_hidden_states: bool = False,
        **_: Any,
    ) -> SequenceClassifierOutput:
        """The logits; `hidden_states`: the state of each token by itself, then the whole text's.

        Each is (batch, tokens, inner or width), the text's the same at every token.
        """
        found = self.words(input_ids) if inputs_embeds is None else inputs_embeds
        mask = (
            torch.ones(found.shape[:2], dtype=torch.long, device=found.device)
            if attention_mask is None
            else attention_mask
        )
        state = self.layers[0](found, mask)
        logits = self.classifier(self.drop(state))
        loss = None if labels is None else nn.functional.cross_entropy(logits, labels)
        states = None
        if output_hidden_states:
            body: Any = self.layers[0]
            states = (body.through(found), state.unsqueeze(1).expand(-1, found.shape[1], -1))
        return SequenceClassifierOutput(loss=loss, logits=logits, hidden_states=states)
