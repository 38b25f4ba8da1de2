"""The 64 residual networks of DisWOT's space S0.

With their published accuracies, and images to show them.
"""

import io
from collections.abc import Sequence
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch

from autodistill.components.students._networks.residual import ResidualConfig
from autodistill.errors import DataError
from autodistill.search.screening.proxies import ForwardOutput
from autodistill.search.screening.scoring import at_random

DEPTHS, TEACHER, CLASSES = (1, 3, 5, 7), (9, 9, 9), 100
NETWORKS = tuple(product(DEPTHS, repeat=3))
Network = tuple[int, ...]
"""Blocks in each stage."""


def read_truth(path: Path) -> dict[Network, float]:
    """Accuracy by depths, from lines such as `113 69.01`.

    Raises DataError when it is not of all 64 networks.
    """
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    found = {tuple(map(int, depths)): float(value) for depths, value in lines}
    if set(found) != set(NETWORKS):
        raise DataError(
            f"{path} holds {len(found)} networks, not the {len(NETWORKS)} of S0; give the folder "
            "with kd.txt and vanilla.txt."
        )
    return found


@cache
def shown_images(images: Path, count: int, rows: int) -> list[ForwardOutput]:
    """Images and labels from train*.parquet, in a seeded order.

    Each channel is normed over what is shown.
    """
    from PIL import Image

    table = pd.concat([pd.read_parquet(p) for p in sorted(images.glob("train*.parquet"))])
    order = np.random.default_rng(0).permutation(len(table))[: count * rows]
    pixels = (
        np.stack(
            [
                np.asarray(Image.open(io.BytesIO(table["image"].iloc[i]["bytes"])).convert("RGB"))
                for i in order
            ]
        )
        / 255.0
    )
    normed = (
        ((pixels - pixels.mean((0, 1, 2))) / pixels.std((0, 1, 2)))
        .transpose(0, 3, 1, 2)
        .astype(np.float32)
    )
    labels = torch.from_numpy(table["label"].to_numpy()[order])
    parts = [slice(start, start + rows) for start in range(0, count * rows, rows)]
    return [ForwardOutput({"pixel_values": torch.from_numpy(normed[p])}, labels[p]) for p in parts]


def network(depths: Sequence[int], start: int, weights: str) -> Any:
    """A network of S0, at random weights."""
    return at_random(ResidualConfig(depths=tuple(depths), num_labels=CLASSES), start, weights)


@cache
def teacher_network(start: int, weights: str) -> Any:
    return network(TEACHER, start, weights)
