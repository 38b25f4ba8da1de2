"""Teachers: where knowledge comes from. A member finds one kind; the stage `teach` records what it knows."""

import hashlib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autodistill.registry import families


@dataclass(frozen=True)
class Found:
    """A teacher on this machine."""

    name: str
    folder: Path
    """A network with its tokenizer, or its image processor: the teacher itself, or what students are shaped after."""
    key: str
    """Content hash of weights, tokenizer and, where there is one, the file of labels."""
    label_names: tuple[str, ...] = ()
    """Of its outputs, in order; empty where it has none yet."""
    tuned: bool = True
    """It classifies already; otherwise it is fine-tuned here once per dataset."""
    labels_file: Path | None = None
    """Soft labels instead of a network that can be asked."""


class Teacher(ABC):
    """One kind of teacher."""

    @abstractmethod
    def claims(self, name: str) -> bool:
        """Whether `--teacher NAME` means this kind."""

    @abstractmethod
    def find(self, name: str, images: NDArray[np.uint8] | None = None) -> Found:
        """Locate it, for these training images or for texts; raises TeacherError with the remedy when it is not there or not usable."""


def find(name: str, images: NDArray[np.uint8] | None = None) -> Found:
    """The teacher that a person named, for these training images or for texts."""
    if images is not None and name == "embedded":
        name = "residual"
    for member in ("embedded", "labels_file", *families.names("teachers")):
        teacher: Teacher = families.build("teachers", member, {})
        if teacher.claims(name):
            return teacher.find(name, images)
    raise AssertionError("transformer claims every name")


def sha256(*files: Path) -> str:
    """Content hash of some files in order."""
    h = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                h.update(chunk)
    return h.hexdigest()
