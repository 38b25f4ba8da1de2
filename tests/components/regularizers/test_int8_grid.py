"""Weights of an int8 file: the grid by hand, steps of the precise weights, and a real file."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from autodistill.components.regularizers.int8_grid import STEPS, Int8Grid, grid, table_grid
from autodistill.training.int8 import write_int8_texts
from autodistill.training.onnx_graph import hushed


def test_the_grid_by_hand() -> None:
    # the largest weight of the first channel is 64 steps of 0.5, of the second 64 of 1
    weight = torch.tensor([[32.0, 0.7, -0.2], [-64.0, 0.7, 1.4]])

    assert grid(weight).tolist() == [[32.0, 0.5, 0.0], [-64.0, 1.0, 1.0]]


def test_the_grid_of_a_table_by_hand() -> None:
    # 255 steps from -155 to 100 are steps of 1
    table = torch.tensor([[-155.0, 99.7], [100.0, 0.4]])

    assert table_grid(table).tolist() == [[-155.0, 100.0], [100.0, 0.0]]


@pytest.mark.parametrize("nearest", [grid, table_grid])
def test_a_second_rounding_changes_nothing(nearest: Callable[[Tensor], Tensor]) -> None:
    weight = torch.randn(7, 5, generator=torch.manual_seed(0))

    once = nearest(weight)

    torch.testing.assert_close(nearest(once), once, rtol=1e-6, atol=0)
    assert (once - weight).abs().max() <= weight.abs().max() / STEPS / 2 + 1e-7


@pytest.mark.parametrize("nearest", [grid, table_grid])
def test_weights_of_zero_stay_zero(nearest: Callable[[Tensor], Tensor]) -> None:
    assert torch.equal(nearest(torch.zeros(2, 3)), torch.zeros(2, 3))


def test_small_steps_add_up_though_each_is_rounded_away() -> None:
    layer, rounds = nn.Linear(2, 1, bias=False), Int8Grid(onset=0.0)
    rounds.begin(layer)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[64.0, 10.0]]))
    shown = []
    for _ in range(6):
        rounds.after_step(layer, 0.5)
        shown.append(layer.weight[0, 1].item())
        with torch.no_grad():
            layer.weight[0, 1] += 0.2

    assert shown == [10.0, 10.0, 10.0, 11.0, 11.0, 11.0]


def test_before_its_onset_weights_are_left_alone() -> None:
    layer, rounds = nn.Linear(3, 2), Int8Grid(onset=0.5)
    before = layer.weight.clone()
    rounds.begin(layer)

    rounds.after_step(layer, 0.49)
    assert torch.equal(layer.weight, before)

    rounds.after_step(layer, 0.5)
    assert torch.equal(layer.weight, grid(before))


def test_averaged_weights_are_on_the_grid_at_the_end() -> None:
    layer, rounds = nn.Linear(3, 2), Int8Grid()
    rounds.begin(layer)

    rounds.finish(layer)

    assert torch.equal(grid(layer.weight), layer.weight)


class Words(nn.Module):
    """A table of word vectors and a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.table, self.layer = nn.Embedding(9, 8), nn.Linear(8, 4)

    def forward(self, ids: Tensor) -> Tensor:
        return self.layer(self.table(ids))  # type: ignore[no-any-return]


def lost(network: Words, folder: Path) -> dict[str, float]:
    """The largest change of a weight in the int8 file, by name."""
    onnx = pytest.importorskip("onnx")
    with hushed():
        torch.onnx.export(
            network, (torch.arange(6).view(2, 3),), str(folder / "a.onnx"), dynamo=False
        )
    write_int8_texts(folder / "a.onnx", folder / "b.onnx")
    held = {
        each.name: onnx.numpy_helper.to_array(each)
        for each in onnx.load(str(folder / "b.onnx")).graph.initializer
    }
    found = {}
    for name, weight in (("table", network.table.weight), ("layer", network.layer.weight.T)):
        (whole,) = (
            n.removesuffix("_quantized")
            for n, x in held.items()
            if n.endswith("_quantized") and x.shape == weight.shape
        )
        zero = held[f"{whole}_zero_point"].astype(np.float32)
        read = (held[f"{whole}_quantized"] - zero) * held[f"{whole}_scale"]
        found[name] = float(np.abs(read - weight.detach().numpy()).max())
    return found


def test_an_int8_file_holds_such_weights_exactly(tmp_path: Path) -> None:
    network = Words()
    before = lost(network, tmp_path)
    Int8Grid().finish(network)

    after = lost(network, tmp_path)

    assert min(before.values()) > 1e-3
    assert max(after.values()) < 1e-6
