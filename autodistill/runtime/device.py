"""The processor that networks run on, and the number format that they are run in."""

import re
from dataclasses import dataclass, field, replace
from typing import Literal, Self

from autodistill.errors import SpecError

Kind = Literal["cpu", "cuda", "mps"]
Precision = Literal["float32", "bfloat16"]
Mark = bool | str
AUTO = "auto"
"""The name of the device that is found here."""


@dataclass(frozen=True)
class Device:
    """A processor and a number format; without arguments this CPU in float32."""

    kind: Kind = "cpu"
    index: int = 0
    """Which of several cards."""
    precision: Precision = "float32"
    """bfloat16: matrix products are; weights and losses stay float32."""
    name: str = ""
    """A card's model, for people."""
    like: tuple[int, ...] = field(default=(), compare=False)
    """Other cards of the same model, on which trials run, too."""
    memory_share: float = field(default=1.0, compare=False)
    """Share of the card's memory that a process may use."""

    @property
    def is_cpu(self) -> bool:
        """Whether networks stay where they are made."""
        return self.kind == "cpu"

    @property
    def bfloat16(self) -> bool:
        """Whether matrix products are computed in bfloat16."""
        return self.precision == "bfloat16"

    @property
    def place(self) -> str:
        """The name that torch has for it: cpu, cuda:0, mps."""
        return f"cuda:{self.index}" if self.kind == "cuda" else self.kind

    @property
    def exact(self) -> Self:
        """The same processor in float32."""
        return replace(self, precision="float32")

    @property
    def mark(self) -> Mark:
        """The part of cache keys that is about it.

        On a CPU that is whether bfloat16 is used, as keys have had it before there were others.
        Two cards of one kind are alike.
        """
        return self.bfloat16 if self.is_cpu else f"{self.kind} {self.precision}"

    @property
    def speed(self) -> str:
        """The device as facts on seconds name it; empty for a CPU, as in older studies."""
        return "" if self.is_cpu else f"{self.kind} {self.name} {self.precision}".replace("  ", " ")

    def __str__(self) -> str:
        places = ", ".join([self.place, *(f"{self.kind}:{n}" for n in self.like)])
        return f"{places} ({self.name})" if self.name else places


CPU = Device()
"""This machine's CPU, in float32."""


def check_device(name: str) -> None:
    """Refuse what cannot be the name of a device; raises SpecError."""
    if not re.fullmatch(r"auto|cpu|mps|cuda(:\d{1,3})?", name):
        raise SpecError(f"--device {name[:60]}: write auto, cpu, cuda, cuda:N or mps.")


MARKS: tuple[Mark, ...] = (
    False,
    True,
    *(Device(kind, precision=p).mark for kind in ("cuda", "mps") for p in ("bfloat16", "float32")),
)
"""All values of `mark`."""
