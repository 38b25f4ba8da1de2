"""BERT with fewer attention heads per layer than its width would allow.

Source   Michel et al. 2019, arXiv:1905.10650 (most heads can be removed).
"""

from typing import Any

from torch import nn
from transformers import BertConfig, BertForSequenceClassification


class PrunedConfig(BertConfig):
    """A BERT config with `kept_heads` heads per layer; head width is unchanged."""

    model_type = "autodistill_pruned"

    def __init__(self, kept_heads: int = 0, **other: Any) -> None:
        super().__init__(**other)
        self.kept_heads = kept_heads or self.num_attention_heads


class PrunedForSequenceClassification(BertForSequenceClassification):
    """BERT with narrower query, key, value and attention output projections."""

    config_class = PrunedConfig

    def __init__(self, config: PrunedConfig) -> None:
        super().__init__(config)
        size = config.hidden_size // config.num_attention_heads
        for layer in self.bert.encoder.layer:
            attention = layer.attention.self
            attention.num_attention_heads = config.kept_heads
            attention.all_head_size = config.kept_heads * size
            for name in ("query", "key", "value"):
                setattr(attention, name, nn.Linear(config.hidden_size, config.kept_heads * size))
            layer.attention.output.dense = nn.Linear(config.kept_heads * size, config.hidden_size)
        self.post_init()
