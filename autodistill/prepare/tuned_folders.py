"""The folders of teachers that are tuned here, named by all that they are made of."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autodistill.components import teachers
from autodistill.runtime import cache
from autodistill.runtime.device import Mark
from autodistill.training.tuning import Tuning
from autodistill.training.tuning_choice import candidates


@dataclass(frozen=True)
class TunedFolders:
    """The folders of one network's fine-tunings to one set of rows."""

    parent: Path
    name: str
    """Content hashes of network, rows and labels."""
    longest: int
    """Tokens that texts are cut at; 0 for images."""
    seed: int

    def best(self, how: Tuning, kinds: Sequence[Mark], *, chooses: bool) -> Path:
        """The folder to use or to make: a recipe that was chosen, else the default.

        `kinds` are the marks of devices, this one first. If the study `chooses`, the default is no
        answer.
        """
        chosen, default = list(self._all(how, kinds, True)), list(self._all(how, kinds, False))
        known = chosen if chooses else [*chosen, *default]
        return next(filter(cache.holds, known), (chosen if chooses else default)[0])

    def with_key(self, key: str, hows: Sequence[Tuning], kinds: Sequence[Mark]) -> Path | None:
        """The folder that holds the weights with this hash, tuned in one of these ways."""
        for how in hows:
            for chosen in (True, False):
                for folder in self._all(how, kinds, chosen):
                    if cache.holds(folder) and key_of_tuned(folder) == key:
                        return folder
        return None

    def _all(self, how: Tuning, kinds: Sequence[Mark], chosen: bool) -> Iterator[Path]:
        for kind in kinds:
            mark = repr((how, self.longest, self.seed, kind)) + how.later
            mark += f" or one of {len(candidates(how))}" if chosen else ""
            digest = hashlib.sha256(mark.encode()).hexdigest()[:8]
            yield self.parent / f"{self.name}-{digest}"


def key_of_tuned(folder: Path) -> str:
    """The content hash of a teacher that was tuned here."""
    return teachers.sha256(folder / "model.safetensors")[:16]
