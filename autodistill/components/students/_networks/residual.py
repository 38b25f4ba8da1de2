"""The residual networks of CIFAR: stages of basic blocks.

Each of the three or more stages halves the resolution and doubles the width of the one before.

Source   He et al. 2016, arXiv:1512.03385, section 4.2; shortcuts between stages are 1x1
         convolutions (option B).
"""

from typing import Any

import torch
from torch import Tensor, nn
from transformers import PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import ImageClassifierOutput


class ResidualConfig(PretrainedConfig):
    """Blocks and channels of each stage."""

    model_type = "autodistill_residual"

    def __init__(
        self,
        depths: tuple[int, ...] = (3, 3, 3),
        widths: tuple[int, ...] = (16, 32, 64),
        image_size: tuple[int, int] = (32, 32),
        num_channels: int = 3,
        **other: Any,
    ) -> None:
        self.image_size = list(image_size)
        self.depths = list(depths)
        self.widths = list(widths)
        self.num_channels = num_channels
        self.hidden_size = self.widths[-1]
        self.hidden_sizes = [self.widths[0], *self.widths]
        """Channels after the stem and after each stage."""
        self.num_hidden_layers = len(self.depths)
        self.num_attention_heads = 1
        self.depth = 2 * sum(self.depths) + 2
        """Depth: convolutions plus the head, without shortcuts."""
        super().__init__(**other)


class Block(nn.Module):
    """A basic block: two 3x3 convolutions and a shortcut.

    (batch, channels, height, width) to the same or half the resolution.
    """

    def __init__(self, inside: int, outside: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inside, outside, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outside)
        self.act1 = nn.ReLU()
        self.conv2 = nn.Conv2d(outside, outside, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outside)
        self.act2 = nn.ReLU()
        self.stride = stride
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or inside != outside:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inside, outside, 1, bias=False), nn.BatchNorm2d(outside)
            )

    def forward(self, x: Tensor) -> Tensor:
        """The output of the block.

        The shortcut picks its pixels before its 1x1 convolution instead of using a stride, which is
        equivalent: on processors with AVX2 but without AVX-512, the gradient of a strided 1x1
        convolution with fewer than eight channels, channels last, is written past its end (torch
        2.13, oneDNN).
        """
        out = self.norm2(self.conv2(self.act1(self.norm1(self.conv1(x)))))
        return torch.as_tensor(
            self.act2(out + self.shortcut(x[:, :, :: self.stride, :: self.stride]))
        )


class ResidualForImageClassification(PreTrainedModel):
    """A classifier from pixels (batch, channels, height, width) to class logits."""

    config_class = ResidualConfig
    base_model_prefix = "stages"
    main_input_name = "pixel_values"

    def __init__(self, config: ResidualConfig) -> None:
        super().__init__(config)
        first = config.widths[0]
        self.stem = nn.Sequential(
            nn.Conv2d(config.num_channels, first, 3, 1, 1, bias=False),
            nn.BatchNorm2d(first),
            nn.ReLU(),
        )
        stages, inside = [], first
        for number, (depth, width) in enumerate(zip(config.depths, config.widths)):
            strides = [2 if number else 1, *[1] * (depth - 1)]
            stages.append(
                nn.Sequential(
                    *(Block(inside if n == 0 else width, width, s) for n, s in enumerate(strides))
                )
            )
            inside = width
        self.stages = nn.ModuleList(stages)
        self.classifier = nn.Linear(inside, config.num_labels)
        self.post_init()

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.kaiming_uniform_(module.weight, a=5**0.5)
            nn.init.zeros_(module.bias)
        elif isinstance(module, nn.BatchNorm2d):
            module.reset_parameters()

    def forward(
        self,
        pixel_values: Tensor,
        labels: Tensor | None = None,
        output_hidden_states: bool = False,
        **_: Any,
    ) -> ImageClassifierOutput:
        """The logits; `hidden_states`: feature maps after the stem and each stage.

        Each map is (batch, channels, height, width).
        """
        states = [self.stem(pixel_values)]
        for stage in self.stages:
            states.append(stage(states[-1]))
        logits = self.classifier(states[-1].mean((2, 3)))
        loss = None if labels is None else nn.functional.cross_entropy(logits, labels)
        return ImageClassifierOutput(
            loss=loss, logits=logits, hidden_states=tuple(states) if output_hidden_states else None
        )
