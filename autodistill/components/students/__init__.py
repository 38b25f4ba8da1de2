"""Students: small networks in Hugging Face format.

A trained student therefore loads anywhere. A member builds a text or image classifier from a
`Backbone` (the teacher's network on disk) and a `Vocabulary`.
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
    """A classifier on disk from which students are cut, or whose shape they take."""

    folder: Path
    label_names: tuple[str, ...]
    """Label names of the task, in the task's order."""
    order: tuple[int, ...]
    """Index of each task label among the network's outputs; empty: head unused."""
    layers: int
    width: int
    heads: int = 1
    """Attention heads per layer."""
    stages: tuple[int, ...] = ()
    """Widths of the embedding and of each layer; empty if all are equal."""

    @property
    def widths(self) -> tuple[int, ...]:
        """Widths of the embedding and of each layer."""
        return self.stages or (self.width,) * (self.layers + 1)

    @classmethod
    def of(cls, folder: Path, label_names: tuple[str, ...], order: tuple[int, ...]) -> "Backbone":
        """The backbone described by the config in `folder`."""
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
    """A tokenizer folder and the ids that its trimming kept; for images, a processor."""

    folder: Path
    keep: Path | None
    """A .npy file of full ids, one per kept id in order; None: all ids."""
    size: int
    pad_id: int


def widths_of(config: Any) -> tuple[int, ...]:
    """Widths of the embedding and of each layer or stage, from a network's config."""
    if sizes := getattr(config, "hidden_sizes", None):
        # Transformers' residual networks leave out the first width
        counted = len(sizes) == getattr(config, "num_hidden_layers", 0) + 1
        return tuple(sizes) if counted else (getattr(config, "embedding_size", sizes[0]), *sizes)
    width, layers = int(config.hidden_size), int(config.num_hidden_layers)
    return (width,) * (layers + 1)


class Student(ABC):
    """A kind of student; its knobs are the constructor's arguments."""

    from_teacher: ClassVar[bool] = False
    """Whether it inherits weights, which requires a network to inherit from."""
    attends: ClassVar[bool] = True
    """Whether its layers have queries, keys and values."""
    pace: ClassVar[float] = 1.0
    """Learning rate in a short trial, relative to that of a cut teacher."""
    optimizer: ClassVar[str] = ""
    """Preferred optimizer in a short trial; empty: the space's own.

    It is used only where the space contains it.
    """
    vocabulary: str = "full"
    """Vocabulary mode: full, covering or trimmed; for images full or pixels.

    See prepare.tokens.vocabularies and prepare.pixels.looks.
    """
    reads: ClassVar[str] = "texts"
    """Modality that it reads: texts or images."""

    @classmethod
    def check(cls, backbone: Backbone) -> None:
        """Raise SpecError, before any training, where no such student can be made here."""
        return

    @abstractmethod
    def build(self, backbone: Backbone, vocabulary: Vocabulary) -> nn.Module:
        """The classifier, with inherited or random weights.

        Random weights come from torch's global generator.
        """


def load_classifier(folder: Path, classes: int) -> Any:
    """The classifier in a folder; a head of another size is re-initialised."""
    return own_memory(open_classifier(folder, classes))


def open_classifier(folder: Path, classes: int) -> Any:
    """The classifier in a folder; its tensors may be views of the mapped file.

    Call `own_memory` once it holds no more tensors than needed.
    """
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
    """Copy a network's tokenizer or image processor."""
    from transformers import AutoTokenizer

    if (source / FILE).exists():
        shutil.copyfile(source / FILE, target / FILE)
    else:
        AutoTokenizer.from_pretrained(source, local_files_only=True).save_pretrained(target)


def own_memory(model: Any, but: Tensor | None = None) -> Any:
    """Copy all tensors except `but` from the mapped file into aligned memory.

    See deploy/aligned.py.
    """
    for tensor in (*model.parameters(), *model.buffers()):
        if tensor is not but:
            tensor.data = tensor.data.clone()
    return model


def layer_list(model: Any) -> tuple[nn.Module, str]:
    """The module that holds the transformer layers, and the attribute's name.

    Raises ValueError for a network without such a list.
    """
    wanted = model.config.num_hidden_layers
    for module in model.base_model.modules():
        for name, child in module.named_children():
            if isinstance(child, nn.ModuleList) and len(child) == wanted:
                return module, name
    raise ValueError(
        f"no list of {wanted} layers in {type(model).__name__}; use a student that is not cut "
        "from the teacher, such as 'scratch'."
    )


def use_dropout(model: nn.Module, rate: float) -> None:
    """Set the dropout rate of every layer and switch to training mode.

    A loaded network is in evaluation mode.
    """
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = rate
    model.train()


def use_vocabulary(model: Any, vocabulary: Vocabulary) -> None:
    """Keep only the embedding rows of a trimmed vocabulary, and update the config."""
    if vocabulary.keep is not None:
        old = model.get_input_embeddings()
        rows = old.weight.detach()[torch.from_numpy(np.load(vocabulary.keep))]
        # passing _weight skips the random initialisation, which takes 20 ms
        new = nn.Embedding(len(rows), rows.shape[1], padding_idx=vocabulary.pad_id, _weight=rows)
        model.set_input_embeddings(new)
    model.config.vocab_size = vocabulary.size
    model.config.pad_token_id = vocabulary.pad_id


def use_labels(model: Any, label_names: tuple[str, ...], order: tuple[int, ...]) -> None:
    """Reorder the head's outputs to the task's labels; write the names to the config."""
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
