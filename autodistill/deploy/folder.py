"""A student's folder: weights, config, tokenizer, metrics and its recipe."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodistill.components.students._pixels import FILE
from autodistill.components.students._reader import is_fast, open_tokenizer
from autodistill.deploy.aligned import align
from autodistill.errors import StorageError

CHECKED_ROWS = 64
MOST_ROUNDING = 1e-4
"""Largest difference that counts as rounding.

A kernel that adds in another order differs by less in float32; hours of training are not thrown
away for that.
"""


def write_folder(target: Path, network: Any, tokenizer: Path, max_length: int) -> None:
    """Write weights, config and tokenizer or image processor into an existing folder.

    Weights are written as safetensors.
    """
    network.config.name_or_path = ""
    network.save_pretrained(target)
    align(target / "model.safetensors")
    if (tokenizer / FILE).exists():
        shutil.copyfile(tokenizer / FILE, target / FILE)
        return
    tok = open_tokenizer(tokenizer)
    if is_fast(tok):
        tok.backend_tokenizer.no_padding()
    if tok.pad_token_id is None:  # it was trained with this one, and is used with it
        tok.pad_token = tok.convert_ids_to_tokens(network.config.pad_token_id)
    tok.padding_side = "right"
    tok.model_max_length = max_length
    tok.save_pretrained(target)


def write_metrics(target: Path, metrics: Mapping[str, Any]) -> None:
    """Write metrics.json, for programs."""
    (target / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n", encoding="utf-8")


def put_in_place(draft: Path, out: Path) -> None:
    """Rename a finished folder to its place.

    What stood there is moved aside first, comes back when that fails, and goes at the very end.
    """
    if not out.exists():
        draft.rename(out)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{out.name}-old-", dir=out.parent))
    try:
        out.rename(aside / out.name)
        try:
            draft.rename(out)
        except BaseException:
            (aside / out.name).rename(out)
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def check_reload(folder: Path, tokens: Path, before: NDArray[np.float32]) -> float:
    """Largest difference between `before` and the logits of a new process.

    The process loads `folder` and predicts the first rows of `tokens`. 0 means the same bits.
    Raises StorageError when the folder does not load, or when the difference is more than rounding.
    """
    rows = min(CHECKED_ROWS, len(before))
    command = [
        sys.executable,
        "-m",
        "autodistill.deploy.reload",
        str(folder),
        str(tokens),
        str(rows),
    ]
    # read when the hub's library is imported; what was written has to do without the hub
    offline = {**os.environ, "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(command, capture_output=True, check=False, env=offline)
    if done.returncode != 0:
        raise StorageError(
            f"the written folder {folder} does not load again: "
            f"{done.stderr.decode(errors='replace').strip().splitlines()[-1]}. "
            "Check the disk's free space and run the command again."
        )
    after = np.frombuffer(done.stdout, dtype=np.float32).reshape(rows, -1)
    gap = float(np.abs(before[:rows] - after).max())
    if not gap <= MOST_ROUNDING:
        raise StorageError(
            f"the student read back from {folder} gives other predictions (largest difference "
            f"{gap:.3g}); the disk may be damaged: write to another one with --out."
        )
    return gap
