"""The teacher's network while it is queried, with proof that its answers can be used."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from autodistill.components.students import Backbone, load_teacher
from autodistill.components.students._passes import inputs_of, pool
from autodistill.components.teachers._config import SOFT_LABELS, cause_of
from autodistill.datasets._tables import Reading
from autodistill.errors import TeacherError
from autodistill.runtime.device import Device
from autodistill.training.precision import number_format

PROBED_ROWS = 4
"""The longest rows, which it answers first: what breaks at all breaks there."""
MOST_ROUNDING = 0.1
"""Difference, relative to 1 plus the size of the logit, up to which bfloat16 is rounding."""
LARGEST_HALF = 65504.0
"""Largest number in float16, in which states are kept."""

Answer = tuple[NDArray[np.float32], list[NDArray[np.float16]]]
"""Logits (rows, classes) and states (rows, width) of embedding and layers."""


class TeacherNetwork:
    """A teacher network, loaded on first use.

    It answers in bfloat16 if the device does and a few rows are answered alike in float32.
    """

    def __init__(self, backbone: Backbone, device: Device) -> None:
        self.backbone = backbone
        self.device = device
        """The device that it runs on, in a number format that it can be run in."""
        self.network: Any = None

    def ask(self, table: Reading, rows: NDArray[np.int64]) -> Answer:
        """Its answers to these rows; raises TeacherError unless they are numbers."""
        if self.network is None:
            self._open(table)
        answer = self._forward(table, rows, self.device)
        if self.device.bfloat16 and not np.isfinite(answer[0]).all():
            answer = self._forward(table, rows, self.device.exact)
        self._check_numbers(answer, rows)
        return answer

    def _open(self, table: Reading) -> None:
        self.network = load_teacher(self.backbone, getattr(table, "pad_id", None))
        self.network.to(self.device.place)
        rows = np.argsort(-table.lengths, kind="stable")[:PROBED_ROWS]
        try:
            answer = self._forward(table, rows, self.device.exact)
        except (LookupError, RuntimeError, ValueError, TypeError, AttributeError) as error:
            raise TeacherError(
                f"the teacher's network in {self.backbone.folder} "
                f"({type(self.network).__name__}) breaks at rows of {table.lengths[rows[0]]} "
                f"tokens: {type(error).__name__} {cause_of(error)}. Give fewer with --max-length; "
                f"or load it yourself and {SOFT_LABELS}."
            ) from error
        self._check_states(answer[1])
        self._check_numbers(answer, rows)
        self._check_padding(table)
        if self.device.bfloat16 and not self._rounds(table, rows, answer[0]):
            self.device = self.device.exact

    def _rounds(self, table: Reading, rows: NDArray[np.int64], exact: NDArray[np.float32]) -> bool:
        """Whether its answers in bfloat16 are these ones but for rounding."""
        try:
            logits, _ = self._forward(table, rows, self.device)
        except (RuntimeError, ValueError, TypeError):  # an operation that bfloat16 lacks
            return False
        return bool((np.abs(logits - exact) <= MOST_ROUNDING * (1 + np.abs(exact))).all())

    def _forward(self, table: Reading, rows: NDArray[np.int64], device: Device) -> Answer:
        ids, mask, types = (torch.from_numpy(each).to(device.place) for each in table.batch(rows))
        with torch.inference_mode(), number_format(device):
            out = self.network(
                **inputs_of(self.network, ids, mask, types), output_hidden_states=True
            )
            pooled = [
                pool(h, mask).clamp(-LARGEST_HALF, LARGEST_HALF).half().cpu().numpy()
                for h in out.hidden_states
            ]
        return out.logits.float().cpu().numpy(), pooled

    def _check_states(self, states: list[NDArray[np.float16]]) -> None:
        widths = tuple(state.shape[1] for state in states)
        if widths != self.backbone.widths:
            raise TeacherError(
                f"the teacher's network in {self.backbone.folder} "
                f"({type(self.network).__name__}) shows {len(widths)} states, where its config "
                f"tells of {len(self.backbone.widths)}: its layers cannot be compared with a "
                f"student's. Load it yourself and {SOFT_LABELS}."
            )

    def _check_padding(self, table: Reading) -> None:
        """Raises TeacherError for a network that reads what rows are filled up with."""
        shortest, longest = int(table.lengths.argmin()), int(table.lengths.argmax())
        alone = self._forward(table, np.array([shortest]), self.device.exact)[0][0]
        both = np.array([shortest, longest])
        beside = self._forward(table, both, self.device.exact)[0][0]
        if (np.abs(alone - beside) > MOST_ROUNDING * (1 + np.abs(alone))).any():
            raise TeacherError(
                f"the teacher's network in {self.backbone.folder} "
                f"({type(self.network).__name__}) answers a text otherwise when it is filled up at "
                f"its end to the length of another one. Load it yourself and {SOFT_LABELS}."
            )

    def _check_numbers(self, answer: Answer, rows: NDArray[np.int64]) -> None:
        logits, states = answer
        bad = ~np.isfinite(logits).all(1) | np.any([np.isnan(s).any(1) for s in states], axis=0)
        if bad.any():
            first = int(np.flatnonzero(bad)[0])
            raise TeacherError(
                f"the answers of the teacher in {self.backbone.folder} are not numbers: row "
                f"{rows[first]} gives {', '.join(f'{x:g}' for x in logits[first][:4])} "
                f"({bad.sum()} of {len(rows)} rows like it). It overflows, or its fine-tuning "
                "diverged. Use an earlier checkpoint, or one that was saved in float32."
            )
