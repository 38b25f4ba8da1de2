"""Recording of a teacher's signals: logits and the mean state of each layer.

The folder is named by content: teacher weights and tokenizer, rows, length, label order. Recorded
once, memory-mapped by all.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autodistill.components.students import Backbone
from autodistill.datasets._tables import Reading, open_table
from autodistill.errors import TeacherError
from autodistill.prepare.apart import run_on
from autodistill.prepare.teacher_network import TeacherNetwork
from autodistill.runtime.arrays import RowFile, row_files
from autodistill.runtime.cache import discard, holds, once
from autodistill.runtime.device import Device
from autodistill.training.signals import BY_TOKEN, Signals, TokenSignals, token_folder

TOKENS_AT_ONCE = 8192
CHECKED_ROWS = 8
Tick = Callable[[int, int], None]


@dataclass(frozen=True)
class Recorded:
    """Folder of the signals, and the cost of recording them now."""

    folder: Path
    computed: int
    """Rows that the teacher ran on now; 0 when all were on disk."""
    reused: int
    checked: int
    seconds: float
    bfloat16: bool = True
    """Whether the network can be run in bfloat16, where this processor does so at all."""
    known: NDArray[np.bool_] | None = None
    """Whether a file of soft labels has an answer for each row; None for a network."""
    notes: tuple[str, ...] = ()
    """Remarks for the user on such a file."""


def record(
    backbone: Backbone,
    key: str,
    tokens: Path,
    home: Path,
    *,
    device: Device,
    tick: Tick,
    before: Path | None = None,
) -> Recorded:
    """The teacher's signals on the rows of a token table.

    Signals on disk are checked against a few rows computed anew; raises TeacherError when they
    differ. `before` is the table of the first rows alone: what is on disk about it is copied.
    """
    given = backbone, key, tokens, home, device, before
    return run_on(device, "recording the teacher", _record, *given, tick=tick)


def _record(
    backbone: Backbone,
    key: str,
    tokens: Path,
    home: Path,
    device: Device,
    before: Path | None,
    tick: Tick,
) -> Recorded:
    begin = time.perf_counter()
    table = open_table(tokens)
    folder = recorded_folder(backbone, key, tokens, home)
    teacher = _Asked(backbone, device)
    _drop_unreadable(folder)
    first = None if before is None or holds(folder) else _first(backbone, key, before, home)
    prior = None if first is None else teacher.check(first, table)
    if once(folder, lambda draft: teacher.write(table, draft, tick, prior)):
        known, seconds = 0 if prior is None else len(prior.logits), time.perf_counter() - begin
        fast = teacher.device == device
        return Recorded(folder, len(table) - known, known, 0, seconds, fast)
    teacher.check(folder, table)
    seconds, checked = time.perf_counter() - begin, min(CHECKED_ROWS, len(table))
    return Recorded(folder, 0, len(table), checked, seconds, teacher.device == device)


def _first(backbone: Backbone, key: str, tokens: Path, home: Path) -> Path | None:
    """The folder of the first rows' signals, where they are on disk."""
    folder = recorded_folder(backbone, key, tokens, home)
    _drop_unreadable(folder)
    return folder if holds(folder) else None


def _drop_unreadable(folder: Path) -> None:
    """Remove damaged signals, by row and by token, so that they are recorded again.

    Those of older versions have no checksums: they are damaged where they cannot be opened.
    """
    by_token = [token_folder(folder, kind) for kind in BY_TOKEN]
    for place in filter(holds, (*by_token, folder)):
        try:
            TokenSignals.open(place) if place in by_token else Signals.open(place)
        except (ValueError, OSError) as error:
            discard(place, f"it cannot be read: {error}")


def recorded_folder(backbone: Backbone, key: str, tokens: Path, home: Path) -> Path:
    """The folder of these rows' signals, whether recorded yet or not."""
    order = "-".join(map(str, backbone.order))
    return (
        home
        / "signals"
        / f"{key}-{tokens.name}"
        / (order if len(order) < 100 else f"order{abs(hash(backbone.order))}")
    )


def folds_folder(folder: Path, folds: int) -> Path:
    """The folder of the same signals with the logits of so many folds."""
    return folder.with_name(f"{folder.name}-of-{folds}-folds")


class _Asked(TeacherNetwork):
    """A teacher network whose answers are written down."""

    def check(self, folder: Path, table: Reading) -> Signals:
        """The signals in a folder, of the table's first rows; a few are computed anew.

        Raises TeacherError when they differ.
        """
        kept = Signals.open(folder)
        total = min(len(table), len(kept.logits))
        rows = np.random.default_rng(time.time_ns()).choice(
            total, min(CHECKED_ROWS, total), replace=False
        )
        logits, _ = self.ask(table, rows)
        gap = np.abs(kept.logits[rows] - logits) / (1 + np.abs(logits))
        if not gap.max() <= 0.1:  # also true for a value that is not a number
            raise TeacherError(
                f"recorded signals in {folder} do not match the teacher: row "
                f"{rows[gap.max(1).argmax()]} differs by {gap.max():.2f}. "
                "The files are damaged or were changed; remove that folder and run again."
            )
        return kept

    def write(self, table: Reading, draft: Path, tick: Tick, prior: Signals | None = None) -> None:
        """Write all rows' signals straight into their files; those of `prior` come first."""
        total, begin = len(table), 0 if prior is None else len(prior.logits)
        classes, widths = len(self.backbone.label_names), self.backbone.widths
        shapes = {f"layer_{n}.npy": (total, width) for n, width in enumerate(widths)}
        with (
            RowFile(draft / "logits.npy", np.float32, (total, classes)) as logits,
            row_files(draft, np.float16, shapes) as pooled,
        ):
            if prior is not None:
                logits.write(np.arange(begin), prior.logits)
                for n, file in enumerate(pooled):
                    file.write(np.arange(begin), prior.pooled[n])
            done = 0
            size = max(1, TOKENS_AT_ONCE // int(np.percentile(table.lengths, 95)))
            for rows in table.in_length_order(np.arange(begin, total), size):
                answers, states = self.ask(table, rows)
                logits.write(rows, answers)
                for file, state in zip(pooled, states):
                    file.write(rows, state)
                done += len(rows)
                tick(done, total - begin)
