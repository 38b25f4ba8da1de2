"""This student by torch alone: `Network.load(FOLDER).predict(["a text"])`."""

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn


class Loaded(nn.Module):
    @classmethod
    def load(cls, folder: str) -> Any:
        config = json.loads(Path(folder, "config.json").read_text(encoding="utf-8"))
        raw = Path(folder, "model.safetensors").read_bytes()
        start, weights = 8 + int.from_bytes(raw[:8], "little"), {}
        for name, about in json.loads(raw[8:start]).items():
            if name != "__metadata__":
                begin, end = (start + at for at in about["data_offsets"])
                kind = torch.float32 if about["dtype"] == "F32" else torch.int64
                flat = torch.frombuffer(bytearray(raw[begin:end]), dtype=kind)
                weights[name] = flat.clone().view(about["shape"])
        network: Any = cls(config)
        network.load_state_dict(weights)
        network.folder, names = folder, config["id2label"]
        network.labels = [names[str(i)] for i in range(len(names))]
        return network.eval()

    def predict(self: Any, inputs: list[Any]) -> list[str]:
        with torch.inference_mode():
            return [self.labels[int(i)] for i in self(*self.read(inputs)).argmax(1)]

    def read(self: Any, texts: list[Any]) -> tuple[Tensor, ...]:
        from tokenizers import Tokenizer  # texts are cut and filled up as it stores

        rows = Tokenizer.from_file(f"{self.folder}/tokenizer.json").encode_batch(texts)
        return torch.tensor([r.ids for r in rows]), torch.tensor([r.attention_mask for r in rows])
