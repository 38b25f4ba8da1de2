"""A multilayer perceptron over all pixels of an image."""

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from autodistill.components.students._plain.loaded import Loaded


class Network(Loaded):
    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        (height, across), width = config["image_size"], config["width"]
        self.stem = nn.Linear(config["num_channels"] * height * across, width)
        each = (nn.Linear(width, width) for _ in range(config["num_hidden_layers"]))
        self.layers = nn.ModuleList(nn.ModuleDict({"2": layer}) for layer in each)
        self.classifier = nn.Linear(width, len(config["id2label"]))

    def forward(self, pixels: Tensor) -> Any:
        x = self.stem(pixels.flatten(1))
        for layer in self.layers:
            x = next(layer.children())(x.relu())
        return self.classifier(x.relu())

    def read(self: Any, images: list[Any]) -> tuple[Tensor, ...]:
        said = json.loads(Path(self.folder, "preprocessor_config.json").read_text())
        mean, std = (torch.tensor(said[name]) for name in ("image_mean", "image_std"))
        shares = torch.stack([torch.as_tensor(image) for image in images]) / 255
        return (((shares - mean) / std).permute(0, 3, 1, 2),)
