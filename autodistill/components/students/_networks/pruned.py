"""BERT with fewer heads in each layer than its width has room for.

Source   Michel et al. 2019, arXiv:1905.10650 (most heads can go).
"""

from typing import Any

from torch import nn
from transformers import BertConfig, BertForSequenceClassification


class PrunedConfig(BertConfig):
    """A BERT whose layers keep `kept_heads` heads each; a head is as wide as before."""

    model_type = "autodistill_pruned"

    def __init__(self, kept_heads: int = 0, **other: Any) -> None:
        super().__init__(**other)
        self.kept_heads = kept_heads or self.num_attention_heads


class PrunedForSequenceClassification(BertForSequenceClassification):
    """The same network with narrower maps to queries, keys and values, and from them."""

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
