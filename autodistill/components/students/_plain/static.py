"""Static word vectors: their mean over a text, read by a small head."""

from typing import Any

from torch import Tensor, nn

from autodistill.components.students._plain.loaded import Loaded


class Network(Loaded):
    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        width, inner = config["width"], config["inner"]
        self.words = nn.Embedding(config["vocab_size"], width)
        hidden = {"layer": nn.Linear(width, inner)} if inner else {}
        self.layers = nn.ModuleList([nn.ModuleDict(hidden)])
        self.classifier = nn.Linear(inner or width, len(config["id2label"]))

    def forward(self, ids: Tensor, mask: Tensor) -> Any:
        state = (self.words(ids) * mask.unsqueeze(2)).sum(1) / mask.sum(1, keepdim=True).clamp_min(
            1
        )
        for layer in self.layers[0].children():
            state = layer(state).relu()
        return self.classifier(state)
