"""Recording of a teacher's token signals: states, and queries, keys and values.

They lie beside its signals by row, where they fit the disk.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from autodistill.components.students import Backbone, load_teacher
from autodistill.datasets._tables import TokenTable
from autodistill.errors import SpecError
from autodistill.prepare.apart import run_on
from autodistill.runtime import arrays
from autodistill.runtime.cache import once
from autodistill.runtime.device import Device
from autodistill.runtime.settings import TOKEN_GB, token_gigabytes
from autodistill.training.batches import Batch
from autodistill.training.forward import show
from autodistill.training.precision import number_format
from autodistill.training.signals import token_folder

TOKENS_AT_ONCE = 8192
Tick = Callable[[int, int], None]
LIMIT_GB = 4.0
"""Gigabytes that one kind may take for one set of rows, unless a person says another number."""


def size(kind: str, backbone: Backbone, tokens: int) -> int:
    """Bytes of the signals of this many tokens."""
    return 2 * sum(_columns(kind, backbone)) * tokens


def _columns(kind: str, backbone: Backbone) -> list[int]:
    """Number of values of a token in each layer."""
    return (
        list(backbone.widths) if kind == "tokens" else [3 * width for width in backbone.widths[1:]]
    )


def limit() -> float:
    """Largest size of one kind in bytes; raises SpecError."""
    text = token_gigabytes(LIMIT_GB)
    try:
        return float(text) * 1e9
    except ValueError:
        raise SpecError(
            f"{TOKEN_GB}={text}: write a number of gigabytes, such as {LIMIT_GB:g}; 0 keeps none."
        ) from None


def fits(kind: str, backbone: Backbone, tokens: int) -> bool:
    """Whether the signals are recorded.

    Otherwise the teacher runs at every step, which costs its forward pass each time.
    """
    return size(kind, backbone, tokens) <= limit()


def record_by_token(
    kind: str, backbone: Backbone, signals: Path, tokens: Path, *, device: Device, tick: Tick
) -> bool:
    """Record the signals unless they are on disk; True if they were recorded now."""
    given = kind, backbone, signals, tokens, device
    return run_on(device, "recording the teacher", _record, *given, tick=tick)


def _record(
    kind: str, backbone: Backbone, signals: Path, tokens: Path, device: Device, tick: Tick
) -> bool:
    table = TokenTable.open(tokens)
    return once(
        token_folder(signals, kind),
        lambda draft: _write(kind, backbone, table, draft, device, tick),
    )


def _write(
    kind: str, backbone: Backbone, table: TokenTable, draft: Path, device: Device, tick: Tick
) -> None:
    network = load_teacher(backbone, table.pad_id).to(device.place)
    columns, rows_in_all = _columns(kind, backbone), int(table.offsets[-1])
    layers = range(len(columns))
    arrays.save(draft / "offsets.npy", table.offsets)
    done, at_once = 0, max(1, TOKENS_AT_ONCE // int(np.percentile(table.lengths, 95)))
    shapes = {f"layer_{n}.npy": (rows_in_all, columns[n]) for n in layers}
    with arrays.row_files(draft, np.float16, shapes) as written:
        for rows in table.in_length_order(np.arange(len(table)), at_once):
            ids, mask, types = map(torch.from_numpy, table.batch(rows))
            none = torch.zeros(len(rows), dtype=torch.long)
            batch = Batch(ids, mask, types, none, None, {}).to(torch.device(device.place))
            with torch.inference_mode(), number_format(device):
                shown = show(
                    network,
                    batch,
                    states=False,
                    tokens=kind == "tokens",
                    projections=layers if kind == "projections" else (),
                )
            place = np.concatenate(
                [np.arange(table.offsets[r], table.offsets[r + 1]) for r in rows]
            )
            for n, file in zip(layers, written):
                values = (
                    shown.tokens[n]
                    if kind == "tokens"
                    else torch.cat(list(shown.projections[n]), dim=2)
                )
                file.write(place, values[batch.mask.bool()].half().cpu().numpy())
            done += len(rows)
            tick(done, len(table))
