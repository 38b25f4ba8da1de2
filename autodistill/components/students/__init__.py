"""Students: small networks in the layout of Hugging Face, so that a trained one loads anywhere.

A member builds a classifier of texts or of images from a `Backbone` (the teacher's network on disk) and a `Vocabulary`.
"""

import shutil
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from autodistill.components.students._mapped import mapped_classifier
from autodistill.components.students._networks import classifiers_of, read_config
from autodistill.components.students._pixels import FILE
from autodistill.registry.slots import Slot

SLOT = Slot("student", 10, "core", "cut")


@dataclass(frozen=True)
class Backbone:
    """A sequence classifier on disk that students are cut from or shaped after."""

    folder: Path
    label_names: tuple[str, ...]
    """The task's, in the task's order."""
    order: tuple[int, ...]
    """Place of each task label among the network's own outputs; empty when its head is not used."""
    layers: int
    width: int
    heads: int = 1
    """Of each layer's attention."""
    stages: tuple[int, ...] = ()
    """Widths of the embedding and of each layer, where they differ."""

    @property
    def widths(self) -> tuple[int, ...]:
        """Of the embedding and of each layer."""
        return self.stages or (self.width,) * (self.layers + 1)

    @classmethod
    def of(cls, folder: Path, label_names: tuple[str, ...], order: tuple[int, ...]) -> "Backbone":
        """As the config in the folder says."""
        config = read_config(folder)
        widths = widths_of(config)
        stages = widths if len(set(widths)) > 1 else ()
        return cls(
            folder,
            label_names,
            order,
            len(widths) - 1,
            widths[-1],
            getattr(config, "num_attention_heads", 1),
            stages,
        )


@dataclass(frozen=True)
class Vocabulary:
    """A tokenizer folder and, when it was trimmed, which of the full ids it kept; of images the folder of a processor."""

    folder: Path
    keep: Path | None
    """A .npy file of full ids, one per kept id in order; None: all of them."""
    size: int
    pad_id: int


def widths_of(config: Any) -> tuple[int, ...]:
    """Of the embedding and of each layer, or stage, of a network with this config."""
    if sizes := getattr(config, "hidden_sizes", None):
        counted = (
            len(sizes) == getattr(config, "num_hidden_layers", 0) + 1
        )  # the residual networks of Transformers leave the first one out
        return tuple(sizes) if counted else (getattr(config, "embedding_size", sizes[0]), *sizes)
    width, layers = int(config.hidden_size), int(config.num_hidden_layers)
    return (width,) * (layers + 1)


class Student(ABC):
    """One kind of student; its knobs are the constructor's arguments."""

    from_teacher: ClassVar[bool] = False
    """Weights are inherited, so a network to inherit from is needed."""
    attends: ClassVar[bool] = True
    """Its layers have queries, keys and values."""
    pace: ClassVar[float] = 1.0
    """Its learning rate in a short trial, as a multiple of the one that suits a network cut from the teacher."""
    optimizer: ClassVar[str] = ""
    """The one that suits it in a short trial, where the space has it; empty: the space's own."""
    vocabulary: str = "full"
    """full | covering | trimmed, see teach.tokens.vocabularies; of images full | pixels, see teach.pixels.looks."""
    reads: ClassVar[str] = "texts"
    """texts | images"""

    @abstractmethod
    def build(self, backbone: Backbone, vocabulary: Vocabulary) -> nn.Module:
        """An untrained (or inherited) classifier; random parts come from torch's global generator."""


def load_classifier(folder: Path, classes: int) -> Any:
    """The classifier in a folder; heads of another size are made anew."""
    return own_memory(open_classifier(folder, classes))


def open_classifier(folder: Path, classes: int) -> Any:
    """The same, but its tensors may still lie in the mapped file; call `own_memory` when it holds no more than is wanted."""
    if (mapped := mapped_classifier(folder, classes)) is not None:
        return mapped
    options = {
        "num_labels": classes,
        "ignore_mismatched_sizes": True,
        "dtype": torch.float32,
        "local_files_only": True,
    }
    return classifiers_of(read_config(folder)).from_pretrained(folder, **options)


def save_reader(source: Path, target: Path) -> None:
    """Copy what reads for a network: its tokenizer, or its image processor."""
    from transformers import AutoTokenizer

    if (source / FILE).exists():
        shutil.copyfile(source / FILE, target / FILE)
    else:
        AutoTokenizer.from_pretrained(source, local_files_only=True).save_pretrained(target)


def own_memory(model: Any, but: Tensor | None = None) -> Any:
    """Copy all tensors but this one out of the mapped file, into aligned memory of our own: see export/aligned.py."""
    for tensor in (*model.parameters(), *model.buffers()):
        if tensor is not but:
            tensor.data = tensor.data.clone()
    return model


def layer_list(model: Any) -> tuple[nn.Module, str]:
    """The module that holds the transformer layers, and the attribute's name."""
    wanted = model.config.num_hidden_layers
    for module in model.base_model.modules():
        for name, child in module.named_children():
            if isinstance(child, nn.ModuleList) and len(child) == wanted:
                return module, name
    raise ValueError(f"no list of {wanted} layers in {type(model).__name__}")


def use_dropout(model: nn.Module, rate: float) -> None:
    """Train with this share of activations dropped, in every layer; a network that was loaded is set to predict, without any."""
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = rate
    model.train()


def use_vocabulary(model: Any, vocabulary: Vocabulary) -> None:
    """Keep only the embedding rows of a trimmed vocabulary."""
    if vocabulary.keep is not None:
        old = model.get_input_embeddings()
        rows = old.weight.detach()[torch.from_numpy(np.load(vocabulary.keep))]
        new = nn.Embedding(
            len(rows), rows.shape[1], padding_idx=vocabulary.pad_id, _weight=rows
        )  # without first values, which take 20 ms
        model.set_input_embeddings(new)
    model.config.vocab_size = vocabulary.size
    model.config.pad_token_id = vocabulary.pad_id


def use_labels(model: Any, label_names: tuple[str, ...], order: tuple[int, ...]) -> None:
    """Put the head's outputs into the task's order and write the names into the config."""
    heads = [
        m
        for m in model.modules()
        if isinstance(m, nn.Linear) and m.out_features == len(label_names)
    ]
    if order and order != tuple(range(len(order))):
        index = torch.tensor(order)
        with torch.no_grad():
            for value in heads[-1].parameters():  # some heads have no bias
                value.copy_(value[index])
    model.config.id2label = dict(enumerate(label_names))
    model.config.label2id = {name: i for i, name in enumerate(label_names)}
