"""Students: small networks in Hugging Face format.

A trained student therefore loads anywhere. A member builds a text or image classifier from a
`Backbone` (the teacher's network on disk) and a `Vocabulary`.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from autodistill.components.students._layers import layer_list as layer_list
from autodistill.components.students._mapped import mapped_classifier
from autodistill.components.students._networks import classifiers_of, read_config
from autodistill.components.students._pixels import FILE
from autodistill.components.students._reader import open_tokenizer
from autodistill.registry.slots import Slot
from autodistill.runtime import files

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
    word_vectors: Path | None = None
    """Vectors of all tokens, see prepare.word_vectors; None: only sizes and speed matter yet."""

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
    longest: int | None = None
    """Tokens of the longest text that its network takes; None where it has no such limit."""


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
    passes: ClassVar[int] = 1
    """Passes over the rows in the place of one: a student whose steps cost little takes more."""
    optimizer: ClassVar[str] = ""
    """Preferred optimizer in a short trial, where the space has it; empty: the space's own."""
    vocabulary: str = "full"
    """full, covering or trimmed (prepare.tokens); for images full or pixels (prepare.pixels)."""
    word_vectors: ClassVar[bool] = False
    """Whether it is made of an encoder's word vectors."""
    reads: ClassVar[str] = "texts"
    """Modality that it reads: texts or images."""

    named: str = ""
    """The network that it is made of, whose own tokenizer it may read with; empty: none."""

    @abstractmethod
    def build(self, backbone: Backbone, vocabulary: Vocabulary) -> nn.Module:
        """The classifier, with inherited or random weights.

        Random weights come from torch's global generator.
        """


def load_classifier(folder: Path, classes: int) -> Any:
    """The classifier in a folder; a head of another size is re-initialised."""
    return own_memory(open_classifier(folder, classes))


def load_teacher(backbone: Backbone, pad_id: int | None = None) -> Any:
    """The classifier that answers: its own head, outputs in the order of the task's labels.

    `pad_id`: the id that rows are filled up with; some networks look for it to find a row's end.
    """
    network = own_memory(open_backbone(backbone)).eval()
    use_labels(network, backbone.label_names, backbone.order)
    if pad_id is not None:
        network.config.pad_token_id = pad_id
    return network


def open_backbone(backbone: Backbone) -> Any:
    """The classifier that students are cut from, with its own head where that one is used.

    Its tensors may be views of the mapped file, see `own_memory`.
    """
    return open_classifier(backbone.folder, 0 if backbone.order else len(backbone.label_names))


def open_classifier(folder: Path, classes: int = 0) -> Any:
    """The classifier in a folder; its tensors may be views of the mapped file.

    `classes`: outputs of a head that is re-initialised where it has another number; 0: the head as
    it is. Call `own_memory` once it holds no more tensors than needed.
    """
    if (mapped := mapped_classifier(folder, classes)) is not None:
        return mapped
    head = {"num_labels": classes, "ignore_mismatched_sizes": True} if classes else {}
    options = {"dtype": torch.float32, "local_files_only": True}
    return classifiers_of(read_config(folder)).from_pretrained(folder, **head, **options)


def save_reader(source: Path, target: Path) -> None:
    """Copy a network's tokenizer or image processor."""
    if (source / FILE).exists():
        files.copy(source / FILE, target / FILE)
    else:
        open_tokenizer(source).save_pretrained(target)


def own_memory(model: Any, but: Tensor | None = None) -> Any:
    """Copy all tensors except `but` from the mapped file into aligned memory.

    See deploy/aligned.py.
    """
    for tensor in (*model.parameters(), *model.buffers()):
        if tensor is not but:
            tensor.data = tensor.data.clone()
    return model


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
        table = model.get_input_embeddings()  # changed in place: some do more than look up
        rows = table.weight.detach()[torch.from_numpy(np.load(vocabulary.keep))]
        table.weight = nn.Parameter(rows)
        table.num_embeddings, table.padding_idx = len(rows), vocabulary.pad_id
        _renumber(model.config, np.load(vocabulary.keep))
    model.config.vocab_size = vocabulary.size
    model.config.pad_token_id = vocabulary.pad_id


def _renumber(config: Any, keep: NDArray[np.int64]) -> None:
    """Write the new ids of the special tokens that the config names."""
    for name in ("bos", "eos", "sep", "cls", "mask", "decoder_start"):
        old = getattr(config, f"{name}_token_id", None)
        if isinstance(old, int):
            place = int(np.searchsorted(keep, old))
            kept = place < len(keep) and keep[place] == old
            setattr(config, f"{name}_token_id", place if kept else None)


def use_labels(model: Any, label_names: tuple[str, ...], order: tuple[int, ...]) -> None:
    """Reorder the head's outputs to the task's labels; write the names to the config.

    A head with one output for two labels says how likely the second one is: it gets two, half of
    the output each, with opposite signs. Their softmax is the output's sigmoid.
    """
    if len(label_names) == 2 and (single := _heads(model, 1)) and model.config.num_labels == 1:
        _split(model, single[-1])
    heads = _heads(model, len(label_names))
    if order and order != tuple(range(len(order))):
        index = torch.tensor(order)
        with torch.no_grad():
            for value in model.get_submodule(heads[-1]).parameters():  # some have no bias
                value.copy_(value[index])
    if model.config.problem_type == "multi_label_classification":  # here, one label a row
        model.config.problem_type = None
    model.config.id2label = dict(enumerate(label_names))
    model.config.label2id = {name: i for i, name in enumerate(label_names)}


def _heads(model: Any, outputs: int) -> list[str]:
    """The linear maps with this many outputs, in the network's order; the head is the last."""
    return [
        name
        for name, module in model.named_modules()
        if isinstance(module, nn.Linear) and module.out_features == outputs
    ]


def _split(model: Any, name: str) -> None:
    old = model.get_submodule(name)
    new = nn.Linear(old.in_features, 2, bias=old.bias is not None)
    halves = torch.tensor([-0.5, 0.5])
    with torch.no_grad():
        new.weight.copy_(halves[:, None] * old.weight)
        if old.bias is not None:
            new.bias.copy_(halves * old.bias)
    model.set_submodule(name, new)
    model.num_labels = 2
