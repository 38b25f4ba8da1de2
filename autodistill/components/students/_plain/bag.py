"""A bag of words: the mean over a text of each word passed through layers."""

from typing import Any

from torch import Tensor, nn

from autodistill.components.students._plain.loaded import Loaded


class Network(Loaded):
    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        rank, sizes = config["rank"], config["hidden_sizes"]
        self.words = nn.Embedding(config["vocab_size"], rank or sizes[0])
        self.expand = nn.Linear(rank, sizes[0], bias=False) if rank else nn.Identity()
        self.layers = nn.ModuleList(
            nn.ModuleDict({"layer": nn.Linear(n, config["width"])}) for n in sizes[:-1]
        )
        self.classifier = nn.Linear(sizes[-1], len(config["id2label"]))

    def forward(self, ids: Tensor, mask: Tensor) -> Any:
        x, seen = self.expand(self.words(ids)), mask.unsqueeze(2)
        for part in self.layers:
            x = next(part.children())(x).relu()
        return self.classifier((x * seen).sum(1) / seen.sum(1).clamp_min(1))
