"""Small networks over word embeddings: bag, convolutional or recurrent.

Source   Iyyer et al. 2015 (deep averaging); Kim 2014, arXiv:1408.5882 (convolutions); Tang et al.
         2019, arXiv:1903.12136 (a BiLSTM taught by BERT).
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
from transformers import PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import SequenceClassifierOutput


class WordsConfig(PretrainedConfig):
    """Kind and sizes of the network."""

    model_type = "autodistill_words"

    def __init__(
        self,
        body: str = "bag",
        vocab_size: int = 1000,
        pad_token_id: int = 0,
        word_size: int = 128,
        rank: int = 0,
        width: int = 256,
        num_hidden_layers: int = 1,
        kernels: tuple[int, ...] = (3, 4, 5),
        dropout: float = 0.1,
        **other: Any,
    ) -> None:
        self.body = body
        """Kind of body: bag, convolutions or recurrent."""
        self.vocab_size = vocab_size
        self.word_size = word_size
        self.rank = rank
        """Rank of a factorised embedding table; 0: a single full table."""
        self.width = width
        self.num_hidden_layers = num_hidden_layers
        self.kernels = list(kernels)
        self.dropout = dropout
        self.num_attention_heads = 1
        self.hidden_size = {
            "bag": width,
            "convolutions": width * len(self.kernels),
            "recurrent": 2 * width,
        }[body]
        self.hidden_sizes = [word_size, *[self.hidden_size] * num_hidden_layers]
        """Widths of the embedding and of each layer."""
        super().__init__(pad_token_id=pad_token_id, **other)


class Bag(nn.Module):
    """A bag layer: each word passes through the same linear layer by itself."""

    def __init__(self, inside: int, config: WordsConfig) -> None:
        super().__init__()
        self.layer = nn.Linear(inside, config.width)
        self.act = nn.ReLU()

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Map (batch, tokens, inside) to (batch, tokens, width)."""
        return torch.as_tensor(self.act(self.layer(x)))


class Convolutions(nn.Module):
    """A convolution layer: each word with its left context, by several kernel widths."""

    def __init__(self, inside: int, config: WordsConfig) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            nn.Conv1d(inside, config.width, k, padding=k - 1) for k in config.kernels
        )
        self.act = nn.ReLU()

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Map (batch, tokens, inside) to (batch, tokens, kernels * width).

        Positions beyond a text's end are zero.
        """
        rows = (x * mask.unsqueeze(2)).transpose(1, 2)
        # padding k - 1, cut to the first outputs: each sees a word and those before it
        found = [layer(rows)[:, :, : x.shape[1]] for layer in self.layers]
        return torch.as_tensor(self.act(torch.cat(found, 1).transpose(1, 2)))


class Recurrent(nn.Module):
    """A bidirectional LSTM layer."""

    def __init__(self, inside: int, config: WordsConfig) -> None:
        super().__init__()
        self.layer = nn.LSTM(inside, config.width, batch_first=True, bidirectional=True)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Map (batch, tokens, inside) to (batch, tokens, 2 * width); padding is skipped."""
        with torch.autocast(x.device.type, enabled=False):
            packed = pack_padded_sequence(
                x.float(), mask.sum(1).cpu(), batch_first=True, enforce_sorted=False
            )
            return torch.as_tensor(
                pad_packed_sequence(
                    self.layer(packed)[0], batch_first=True, total_length=x.shape[1]
                )[0]
            )


BODIES = {"bag": Bag, "convolutions": Convolutions, "recurrent": Recurrent}


class WordsForSequenceClassification(PreTrainedModel):
    """A classifier from token ids (batch, tokens) to logits (batch, classes)."""

    config_class = WordsConfig
    base_model_prefix = "layers"

    def __init__(self, config: WordsConfig) -> None:
        super().__init__(config)
        self.words: nn.Module = nn.Embedding(
            config.vocab_size, config.rank or config.word_size, padding_idx=config.pad_token_id
        )
        self.expand: nn.Module = (
            nn.Linear(config.rank, config.word_size, bias=False) if config.rank else nn.Identity()
        )
        self.drop = nn.Dropout(config.dropout)
        self.layers = nn.ModuleList(
            BODIES[config.body](inside, config) for inside in config.hidden_sizes[:-1]
        )
        pools = 2 if config.body == "recurrent" else 1
        self.classifier = nn.Linear(pools * config.hidden_size, config.num_labels)
        self.post_init()

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        if isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.1)
        elif isinstance(module, nn.Linear | nn.Conv1d):
            nn.init.xavier_uniform_(module.weight)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.LSTM):
            for name, value in module.named_parameters():
                nn.init.orthogonal_(value) if "weight" in name else nn.init.zeros_(value)

    def get_input_embeddings(self) -> nn.Module:
        """The word embedding table."""
        return self.words

    def set_input_embeddings(self, value: nn.Module) -> None:
        """Replace the word embedding table."""
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
        """The logits; `hidden_states`: token states of the embedding and each layer.

        Each is (batch, tokens, width).
        """
        found = self.words(input_ids) if inputs_embeds is None else inputs_embeds
        mask = (
            torch.ones(found.shape[:2], dtype=torch.long, device=found.device)
            if attention_mask is None
            else attention_mask
        )
        states = [self.expand(found)]
        for layer in self.layers:
            states.append(layer(self.drop(states[-1]), mask))
        logits = self.classifier(self.drop(self._pool(states[-1], mask.unsqueeze(2))))
        loss = None if labels is None else nn.functional.cross_entropy(logits, labels)
        return SequenceClassifierOutput(
            loss=loss, logits=logits, hidden_states=tuple(states) if output_hidden_states else None
        )

    def _pool(self, states: Tensor, mask: Tensor) -> Tensor:
        """One vector per text: mean of a bag, maxima of convolutions, both if recurrent."""
        mean = (states * mask).sum(1) / mask.sum(1).clamp_min(1)
        if self.config.body == "bag":
            return mean
        largest = states.masked_fill(mask == 0, torch.finfo(states.dtype).min).amax(1)
        return torch.cat([mean, largest], 1) if self.config.body == "recurrent" else largest
