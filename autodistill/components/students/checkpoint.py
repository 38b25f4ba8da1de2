"""Small pre-trained networks, from local folders or the hub, as students.

Source   Turc et al. 2019, arXiv:1908.08962: small networks that were pre-trained before they are
         distilled.
Idea     A compact network that has seen much text starts ahead of one cut from the teacher. Weights
         are kept, the head is new; several networks can compete in one study.
Inputs   folders or hub names, given by --student or by `name` in a space; any family of encoders,
         each with its own tokenizer.
Differs  a number names one of the networks in AUTODISTILL_STUDENT, as studies of older versions
         do; such a network has the teacher's tokens.
"""

from pathlib import Path
from typing import Annotated, Any, ClassVar

from torch import nn

from autodistill.components.students import (
    Backbone,
    Student,
    Vocabulary,
    load_classifier,
    use_dropout,
    use_labels,
    use_vocabulary,
)
from autodistill.components.students._networks import read_config
from autodistill.components.teachers._config import network_folder
from autodistill.components.teachers.transformer import hub_folder
from autodistill.errors import SpecError, TeacherError
from autodistill.registry.ranges import Named, OneOf
from autodistill.runtime.settings import STUDENT, student_networks


def folder_of(name: str, given: str) -> Path:
    """The folder itself, or a local copy of the hub's network, cached if possible.

    `given` says where the name came from. Raises SpecError if there is neither.
    """
    try:
        folder = network_folder(Path(name) if Path(name).is_dir() else hub_folder(name))
        if (folder / "config.json").is_file():
            return folder
    except TeacherError:
        pass
    raise SpecError(
        f"{given}: no network in a folder of this name, and none on the hub within "
        "reach. Name a folder with a config.json, or check the hub name and the connection."
    )


def _numbered(number: int, teacher: Path) -> Path:
    """The folder of a network that AUTODISTILL_STUDENT names; raises SpecError."""
    names = student_networks()
    if number > len(names):
        raise SpecError(
            f"{STUDENT} names {len(names)} networks, but the study uses number {number}; add a "
            "folder with a config.json, or a hub name."
        )
    name = names[number - 1]
    folder = folder_of(name, f"{STUDENT}={name}")
    own, teachers = (getattr(read_config(f), "vocab_size", 0) for f in (folder, teacher))
    if own != teachers:
        raise SpecError(
            f"{STUDENT}={folder}: it has {own:,} tokens, the teacher {teachers:,}; name a network "
            "with the teacher's tokens."
        )
    return folder


class Checkpoint(Student):
    spelled: ClassVar[dict[str, str]] = {"name": "network"}

    def __init__(
        self,
        *,
        network: Annotated[int | str, Named(1, 2, 3, 4, 5, 6, 7, 8)] = 1,
        vocabulary: Annotated[str, OneOf("covering", "trimmed", "full")] = "covering",
        dropout: Annotated[float, OneOf(0.0, 0.1)] = 0.1,
    ) -> None:
        self.network = network
        self.vocabulary = vocabulary
        self.dropout = dropout
        self.named = network if isinstance(network, str) else ""

    def build(self, backbone: Backbone, vocabulary: Vocabulary) -> nn.Module:
        """The chosen network with a new head; raises SpecError if there is none."""
        if isinstance(self.network, str):
            folder = folder_of(self.network, f"student '{self.network}'")
        else:
            folder = _numbered(self.network, backbone.folder)
        model: Any = load_classifier(folder, len(backbone.label_names))
        use_vocabulary(model, vocabulary)
        use_labels(model, backbone.label_names, ())
        use_dropout(model, self.dropout)
        made: nn.Module = model
        return made
