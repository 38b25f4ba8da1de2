"""Teachers: the sources of knowledge.

A member locates one kind of teacher; the stage `prepare` records its outputs.
"""

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
    """Folder of a network with its tokenizer or image processor.

    It is the teacher itself, or the network whose shape students take.
    """
    key: str
    """Content hash of weights, tokenizer and, if there is one, the labels file."""
    label_names: tuple[str, ...] = ()
    """Label names of its outputs, in order; empty if it has no head yet."""
    tuned: bool = True
    """Whether it is a classifier; otherwise it is fine-tuned here once per dataset."""
    labels_file: Path | None = None
    """A file of soft labels in place of a network that can be queried."""
    longest: int | None = None
    """Tokens of the longest text that it takes; None where it has no such limit."""


class Teacher(ABC):
    """A kind of teacher."""

    @abstractmethod
    def claims(self, name: str) -> bool:
        """Whether `--teacher NAME` means this kind."""

    @abstractmethod
    def find(self, name: str, images: NDArray[np.uint8] | None = None) -> Found:
        """Locate the teacher for these training images, or for texts.

        Raises TeacherError with the remedy if it is missing or unusable.
        """


def find(name: str, images: NDArray[np.uint8] | None = None) -> Found:
    """The teacher of this name, for these training images, or for texts."""
    if images is not None and name == "embedded":
        name = "residual"
    for member in ("embedded", "labels_file", *families.names("teachers")):
        teacher: Teacher = families.build("teachers", member, {})
        if teacher.claims(name):
            return teacher.find(name, images)
    raise AssertionError("transformer claims every name")


def sha256(*files: Path) -> str:
    """SHA-256 of the contents of these files, in order."""
    h = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                h.update(chunk)
    return h.hexdigest()
