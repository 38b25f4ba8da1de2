"""A small network of your own as the student: its weights, with a new head.

Source   Turc et al. 2019, arXiv:1908.08962: small networks that were pre-trained before they are distilled.
Idea     A compact network that has seen much text starts ahead of one cut from the teacher.
Inputs   the folder in AUTODISTILL_STUDENT, with the teacher's tokens.
"""

import os
from pathlib import Path
from typing import Annotated, Any, ClassVar

from torch import nn

from autodistill.domain import OneOf
from autodistill.errors import SpecError
from autodistill.students import Backbone, Student, Vocabulary, load_classifier, use_dropout, use_labels, use_vocabulary
from autodistill.students._networks import read_config

VARIABLE = "AUTODISTILL_STUDENT"


class Checkpoint(Student):
    variables: ClassVar[tuple[str, ...]] = ("AUTODISTILL_STUDENT",)

    def __init__(
        self,
        *,
        vocabulary: Annotated[str, OneOf("covering", "trimmed", "full")] = "covering",
        dropout: Annotated[float, OneOf(0.0, 0.1)] = 0.1,
    ) -> None:
        self.vocabulary = vocabulary
        self.dropout = dropout

    def build(self, backbone: Backbone, vocabulary: Vocabulary) -> nn.Module:
        """The network; raises SpecError where there is none, or one with other tokens than the teacher's."""
        folder = Path(os.environ.get(VARIABLE, ""))
        if not (folder / "config.json").is_file():
            raise SpecError(f"{VARIABLE}={os.environ.get(VARIABLE, '')}: there is no network in this folder; name one with a config.json.")
        own, teachers = (read_config(f).vocab_size for f in (folder, backbone.folder))
        if own != teachers:
            raise SpecError(
                f"{VARIABLE}={folder}: it has {own:,} tokens, the teacher {teachers:,}; name a network with the teacher's tokens."
            )
        model: Any = load_classifier(folder, len(backbone.label_names))
        use_vocabulary(model, vocabulary)
        use_labels(model, backbone.label_names, ())
        use_dropout(model, self.dropout)
        made: nn.Module = model
        return made
