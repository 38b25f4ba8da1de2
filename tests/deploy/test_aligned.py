"""Weights laid out so that they can be mapped: the same tensors at multiples of 64 bytes."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from autodistill.deploy.aligned import align

TENSORS = {
    "a.bias": torch.arange(3.0),
    "b.weight": torch.arange(32.0).reshape(4, 8),
    "c.flag": torch.tensor([1, 2, 3], dtype=torch.int8),
    "d.weight": torch.arange(64, dtype=torch.float16).reshape(2, 32),
    "e.empty": torch.zeros(0),
    "f.scalar": torch.tensor(2.5, dtype=torch.float64),
}


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A file with tensors of even and odd sizes."""
    save_file(TENSORS, tmp_path / "w.safetensors", metadata={"format": "pt"})
    align(tmp_path / "w.safetensors")
    return tmp_path / "w.safetensors"


def header(path: Path) -> tuple[int, dict[str, Any]]:
    """The place where data starts, and the header."""
    raw = path.read_bytes()
    length = int.from_bytes(raw[:8], "little")
    return 8 + length, json.loads(raw[8 : 8 + length])


def test_the_tensors_are_the_same(weights: Path) -> None:
    back: dict[str, Tensor] = load_file(weights)

    assert set(back) == set(TENSORS)
    for name, value in TENSORS.items():
        assert back[name].dtype == value.dtype
        torch.testing.assert_close(back[name], value, rtol=0, atol=0)


def test_data_and_every_even_tensor_start_at_multiples_of_64(weights: Path) -> None:
    start, entries = header(weights)
    sizes = {n: t.numel() * t.element_size() for n, t in TENSORS.items()}

    assert start % 64 == 0
    assert [n for n, size in sizes.items() if size % 64 == 0] == ["b.weight", "d.weight", "e.empty"]
    for name in ("b.weight", "d.weight", "e.empty"):
        assert (start + entries[name]["data_offsets"][0]) % 64 == 0


def test_offsets_leave_no_gap_and_the_file_ends_with_the_data(weights: Path) -> None:
    start, entries = header(weights)
    places = sorted(
        entry["data_offsets"] for name, entry in entries.items() if name != "__metadata__"
    )

    assert places[0][0] == 0
    assert all(left[1] == right[0] for left, right in pairwise(places))
    assert weights.stat().st_size == start + places[-1][1]


def test_metadata_stays_and_aligning_again_changes_nothing(weights: Path) -> None:
    before = weights.read_bytes()
    align(weights)

    assert header(weights)[1]["__metadata__"] == {"format": "pt"}
    assert weights.read_bytes() == before
