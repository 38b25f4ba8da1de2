"""A student's folder: weights, config, tokenizer, metrics and its recipe."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodistill.components.students._passes import input_names
from autodistill.components.students._pixels import FILE
from autodistill.components.students._plain import plain_source
from autodistill.components.students._reader import is_fast, open_tokenizer
from autodistill.deploy.aligned import align
from autodistill.deploy.names import METRICS, PLAIN, WEIGHTS
from autodistill.deploy.older import write_config, write_lengths, write_tokenizer_settings
from autodistill.errors import StorageError
from autodistill.runtime import files
from autodistill.study.recipe import Recipe

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
    network.config.problem_type = "single_label_classification"
    network.save_pretrained(target)
    align(target / WEIGHTS)
    write_config(target)
    if source := plain_source(network.config):
        files.write_text(target / PLAIN, source)
    if (tokenizer / FILE).exists():
        files.copy(tokenizer / FILE, target / FILE)
        return
    tok = open_tokenizer(tokenizer)
    if is_fast(tok):
        tok.backend_tokenizer.no_padding()
    if tok.pad_token_id is None:  # it was trained with this one, and is used with it
        tok.pad_token = tok.convert_ids_to_tokens(network.config.pad_token_id)
    tok.padding_side = "right"
    tok.model_max_length = max_length
    tok.save_pretrained(target)
    write_tokenizer_settings(target, input_names(network), fast=is_fast(tok))
    if is_fast(tok):
        write_lengths(target, tok, max_length)


def write_metrics(target: Path, metrics: Mapping[str, Any]) -> None:
    """Write metrics.json, for programs."""
    files.write_text(target / METRICS, json.dumps(metrics, indent=1) + "\n")


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


def default_out(recipe: Recipe) -> Path:
    """student-<dataset> in the current folder."""
    stem = "".join(
        c if c.isalnum() else "-"
        for c in os.path.splitext(os.path.basename(recipe.study.dataset))[0]
    ).strip("-")
    return Path(f"student-{stem}")
