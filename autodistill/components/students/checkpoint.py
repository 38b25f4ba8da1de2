"""Small pre-trained networks, from local folders or the hub, as students.

Source   Turc et al. 2019, arXiv:1908.08962: small networks that were pre-trained before they are
         distilled.
Idea     A compact network that has seen much text starts ahead of one cut from the teacher. Weights
         are kept, the head is new; several networks can compete in one study.
Inputs   up to eight folders or hub names in AUTODISTILL_STUDENT, with the teacher's tokens.
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
from autodistill.errors import SpecError
from autodistill.registry.ranges import OneOf
from autodistill.runtime.settings import STUDENT, student_networks


def folder_of(name: str) -> Path:
    """The folder itself, or a local copy of the hub's network, cached if possible.

    Raises SpecError if there is neither.
    """
    if (Path(name) / "config.json").is_file():
        return Path(name)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    wanted = ["*.json", "*.safetensors"]
    for options in ({"local_files_only": True}, {"etag_timeout": 5}):
        try:
            return Path(snapshot_download(name, allow_patterns=wanted, **options))
        except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError):
            continue
    raise SpecError(
        f"{STUDENT}={name}: no network in a folder of this name, and none on the hub within "
        "reach. Name a folder with a config.json, or check the hub name and the connection."
    )


def _same_tokens(folder: Path, teacher: Path) -> None:
    """Raise SpecError where a network reads other tokens than the teacher."""
    own, teachers = (getattr(read_config(f), "vocab_size", 0) for f in (folder, teacher))
    if own != teachers:
        raise SpecError(
            f"{STUDENT}={folder}: it has {own:,} tokens, the teacher {teachers:,}; name a network "
            "with the teacher's tokens."
        )


class Checkpoint(Student):
    variables: ClassVar[tuple[str, ...]] = ("AUTODISTILL_STUDENT",)

    def __init__(
        self,
        *,
        network: Annotated[int, OneOf(1, 2, 3, 4, 5, 6, 7, 8)] = 1,
        vocabulary: Annotated[str, OneOf("covering", "trimmed", "full")] = "covering",
        dropout: Annotated[float, OneOf(0.0, 0.1)] = 0.1,
    ) -> None:
        self.network = network
        self.vocabulary = vocabulary
        self.dropout = dropout

    @classmethod
    def check(cls, backbone: Backbone) -> None:
        """Refuse, before any training, networks whose tokens are not the teacher's."""
        for name in student_networks():
            _same_tokens(folder_of(name), backbone.folder)

    def build(self, backbone: Backbone, vocabulary: Vocabulary) -> nn.Module:
        """The chosen network with a new head.

        Raises SpecError if there is none, or if its tokens are not the teacher's.
        """
        names = student_networks()
        if self.network > len(names):
            raise SpecError(
                f"{STUDENT} names {len(names)} networks, but the study uses number "
                f"{self.network}; add a folder with a config.json, or a hub name."
            )
        folder = folder_of(names[self.network - 1])
        _same_tokens(folder, backbone.folder)
        model: Any = load_classifier(folder, len(backbone.label_names))
        use_vocabulary(model, vocabulary)
        use_labels(model, backbone.label_names, ())
        use_dropout(model, self.dropout)
        made: nn.Module = model
        return made
