"""A fit's state after an epoch, in one file that an interrupted fit goes on from."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from lightning.pytorch.callbacks import Callback
from torch import Tensor

from autodistill.runtime import files
from autodistill.training.frozen_parts import freeze, thaw

SECONDS_BETWEEN = 30.0
"""Epochs that end sooner after the last file are not written: a large one takes seconds."""
SHARE = 0.02
"""Share of a fit's time that its files may take."""
STATES = 3
"""Weights and two moments of an optimiser."""
BYTES_PER_SECOND = 2e8
"""Written by a usual disk, until the first file was timed."""


class Checkpoints(Callback):
    """Writes network, optimiser, schedule, random numbers and parts after epochs, but the last."""

    def __init__(self, place: Path, known: Sequence[Any], draws: Sequence[Any]) -> None:
        self.place = place
        self.known = known
        """Things that the parts refer to, which the fit is given again; see `frozen_parts`."""
        self.parts: Any = None
        """Things that the fit changes beside its weights."""
        self.frozen: Tensor | None = None
        """The parts as bytes, while a file is written."""
        self.draws: list[np.random.Generator] = [draw for draw in draws if draw is not None]
        """Generators of what is known that the fit draws from."""
        self.due = float("inf")
        self.begin = time.perf_counter()
        self.before = 0.0
        """Seconds of the fit before it was interrupted."""

    @property
    def seconds(self) -> float:
        """Those of the fit so far."""
        return self.before + time.perf_counter() - self.begin

    def on_train_start(self, trainer: Any, module: Any) -> None:
        """Guess how long a file takes."""
        weights = sum(each.numel() * each.element_size() for each in module.parameters())
        self._wait(STATES * weights / BYTES_PER_SECOND)

    def on_train_epoch_end(self, trainer: Any, module: Any) -> None:
        """Replace the file by this epoch's."""
        if time.monotonic() < self.due or trainer.current_epoch + 1 >= trainer.max_epochs:
            return
        begin = time.monotonic()
        self.due = float("inf")
        if (frozen := freeze(self.parts, self.known)) is None:
            return
        try:
            files.make_private_folders(self.place.parent)
            with files.draft(self.place) as draft:
                self.frozen = frozen
                trainer.save_checkpoint(draft)
        except OSError:  # a full disk, which what must be written will tell
            return
        self._wait(time.monotonic() - begin)

    def _wait(self, took: float) -> None:
        self.due = time.monotonic() + max(SECONDS_BETWEEN, took / SHARE)

    def state_dict(self) -> dict[str, Any]:
        """The parts, and the states of all random generators."""
        in_use = torch.cuda.is_initialized()  # type: ignore[no-untyped-call]
        return {
            **({"cuda": torch.cuda.get_rng_state_all()} if in_use else {}),
            "torch": torch.get_rng_state(),
            "draws": [draw.bit_generator.state for draw in self.draws],
            "seconds": self.seconds,
            "parts": self.frozen,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on with the random numbers of then."""
        torch.set_rng_state(state["torch"])
        if "cuda" in state:
            torch.cuda.set_rng_state_all(state["cuda"])
        for draw, before in zip(self.draws, state["draws"]):
            draw.bit_generator.state = before

    def begun(self) -> Any:
        """The parts of a fit that was begun; None where there is no file that can be read."""
        try:
            state = torch.load(self.place, map_location="cpu", weights_only=True)
            own = state["callbacks"][self.state_key]
            found = thaw(own["parts"], self.known)
        except Exception:  # missing, cut, or of another version: pickles break in every way
            return None
        self.before = own["seconds"]
        return found


def steps_done(place: Path) -> int:
    """Steps of a fit that was begun; 0 where there is no file that can be read."""
    try:
        return int(torch.load(place, map_location="meta", weights_only=True)["global_step"])
    except Exception:  # as above
        return 0
