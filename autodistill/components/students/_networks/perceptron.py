"""A multilayer perceptron over all pixels of an image.

Source   none needed.
"""

from typing import Any

import torch
from torch import Tensor, nn
from transformers import PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import ImageClassifierOutput


class PerceptronConfig(PretrainedConfig):
    """Sizes of the image and of the layers."""

    model_type = "autodistill_perceptron"

    def __init__(
        self,
        image_size: tuple[int, int] = (32, 32),
        num_channels: int = 3,
        width: int = 128,
        num_hidden_layers: int = 2,
        dropout: float = 0.0,
        **other: Any,
    ) -> None:
        self.image_size = list(image_size)
        self.num_channels = num_channels
        self.width = self.hidden_size = width
        self.num_hidden_layers = num_hidden_layers
        self.dropout = dropout
        self.num_attention_heads = 1
        super().__init__(**other)


class PerceptronForImageClassification(PreTrainedModel):
    """A classifier from pixels (batch, channels, height, width) to class logits."""

    config_class = PerceptronConfig
    base_model_prefix = "layers"
    main_input_name = "pixel_values"

    def __init__(self, config: PerceptronConfig) -> None:
        super().__init__(config)
        height, across = config.image_size
        self.stem = nn.Linear(config.num_channels * height * across, config.width)
        self.layers = nn.ModuleList(
            nn.Sequential(
                nn.ReLU(), nn.Dropout(config.dropout), nn.Linear(config.width, config.width)
            )
            for _ in range(config.num_hidden_layers)
        )
        self.act = nn.ReLU()
        self.classifier = nn.Linear(config.width, config.num_labels)
        self.post_init()

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        if isinstance(module, nn.Linear):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
            nn.init.zeros_(module.bias)

    def forward(
        self,
        pixel_values: Tensor,
        labels: Tensor | None = None,
        output_hidden_states: bool = False,
        **_: Any,
    ) -> ImageClassifierOutput:
        """The logits; `hidden_states`: (batch, 1, width) after the stem and each layer."""
        states = [self.stem(pixel_values.flatten(1))]
        for layer in self.layers:
            states.append(layer(states[-1]))
        logits = self.classifier(self.act(states[-1]))
        loss = None if labels is None else nn.functional.cross_entropy(logits, labels)
        shown = tuple(s.unsqueeze(1) for s in states) if output_hidden_states else None
        return ImageClassifierOutput(loss=loss, logits=logits, hidden_states=shown)
