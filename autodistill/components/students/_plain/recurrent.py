"""A bidirectional LSTM over words: mean and maximum of its states over the text."""

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
        rnns = (nn.LSTM(n, config["width"], 1, True, True, 0.0, True) for n in sizes[:-1])
        self.layers = nn.ModuleList(nn.ModuleDict({"layer": rnn}) for rnn in rnns)
        self.classifier = nn.Linear(2 * sizes[-1], len(config["id2label"]))

    def forward(self, ids: Tensor, mask: Tensor) -> Any:
        x, seen = self.expand(self.words(ids)), mask.unsqueeze(2)
        for part in self.layers:
            rows = nn.utils.rnn.pack_padded_sequence(x, mask.sum(1).cpu(), True, False)
            rows = next(part.children())(rows)[0]
            x, _ = nn.utils.rnn.pad_packed_sequence(rows, True, 0.0, ids.shape[1])
        mean = (x * seen).sum(1) / seen.sum(1).clamp_min(1)
        most = x.masked_fill(seen == 0, torch.finfo(x.dtype).min).amax(1)
        return self.classifier(torch.cat([mean, most], 1))
