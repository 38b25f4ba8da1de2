"""Convolutions over words: several kernel widths, each max-pooled over the text."""

from typing import Any

import torch
from torch import Tensor, nn

from autodistill.components.students._plain.loaded import Loaded


class Network(Loaded):
    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        rank, sizes = config["rank"], config["hidden_sizes"]
        self.words = nn.Embedding(config["vocab_size"], rank or sizes[0])
        self.expand = nn.Linear(rank, sizes[0], bias=False) if rank else nn.Identity()
        kernels, width = config["kernels"], config["width"]
        self.layers = nn.ModuleList()
        for size in sizes[:-1]:
            each = nn.ModuleList(nn.Conv1d(size, width, k, padding=k - 1) for k in kernels)
            self.layers.append(nn.ModuleDict({"layers": each}))
        self.classifier = nn.Linear(sizes[-1], len(config["id2label"]))

    def forward(self, ids: Tensor, mask: Tensor) -> Any:
        x, seen = self.expand(self.words(ids)), mask.unsqueeze(2)
        for part in self.layers:
            rows, kernels = (x * seen).transpose(1, 2), next(part.children()).children()
            x = torch.cat([kernel(rows)[:, :, : ids.shape[1]] for kernel in kernels], 1)
            x = x.relu().transpose(1, 2)
        return self.classifier(x.masked_fill(seen == 0, torch.finfo(x.dtype).min).amax(1))
