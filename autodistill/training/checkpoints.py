"""A fit's state after an epoch, in one file that an interrupted fit goes on from."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from lightning.pytorch.callbacks import Callback

from autodistill.runtime import files

SECONDS_BETWEEN = 30.0
"""Epochs that end sooner after the last file are not written: a large one takes seconds."""


class Checkpoints(Callback):
    """Writes network, optimiser, schedule and random numbers after epochs, but the last."""

    def __init__(self, place: Path, draws: Sequence[np.random.Generator]) -> None:
        self.place = place
        self.draws = draws
        """Generators beside torch's own that the fit draws from."""
        self.written = time.monotonic()

    def on_train_epoch_end(self, trainer: Any, module: Any) -> None:
        """Replace the file by this epoch's."""
        is_due = time.monotonic() - self.written >= SECONDS_BETWEEN
        if is_due and trainer.current_epoch + 1 < trainer.max_epochs:
            with files.draft(self.place) as draft:
                trainer.save_checkpoint(draft)
            self.written = time.monotonic()

    def state_dict(self) -> dict[str, Any]:
        """The states of all random generators."""
        in_use = torch.cuda.is_initialized()  # type: ignore[no-untyped-call]
        return {
            **({"cuda": torch.cuda.get_rng_state_all()} if in_use else {}),
            "torch": torch.get_rng_state(),
            "draws": [draw.bit_generator.state for draw in self.draws],
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on with the random numbers of then."""
        torch.set_rng_state(state["torch"])
        if "cuda" in state:
            torch.cuda.set_rng_state_all(state["cuda"])
        for draw, before in zip(self.draws, state["draws"]):
            draw.bit_generator.state = before

    @property
    def begun(self) -> Path | None:
        """The file to go on from; None where there is none that can be read."""
        try:
            torch.load(self.place, map_location="meta", weights_only=True)
        except Exception:  # missing, or cut: pickles break in every way
            return None
        return self.place
