"""Students of images: shapes, first values, what is written."""

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForImageClassification

from autodistill.components.students import Backbone, Student, Vocabulary, widths_of
from autodistill.components.students._pixels import Look
from autodistill.registry import families

OF_IMAGES = [
    n
    for n in families.names("students")
    if families.card("students", n).traits.get("reads") == "images"
]
NAMES = ("left", "middle", "right")


def made(name: str, folder: Path, size: tuple[int, int] = (8, 8), **knobs: Any) -> Any:
    """A student of images of this size."""
    torch.manual_seed(0)
    Look(size, (0.5,) * 3, (0.5,) * 3).write(folder)
    student: Student = families.build("students", name, knobs)
    assert student.vocabulary == "pixels"
    return student.build(Backbone(folder, NAMES, (), 3, 64), Vocabulary(folder, None, 0, 0))


@pytest.mark.parametrize("size", [(8, 8), (28, 28), (32, 20)])
@pytest.mark.parametrize("name", OF_IMAGES)
def test_it_says_as_many_classes_as_the_task_has_and_shows_its_layers(
    name: str, size: tuple[int, int], tmp_path: Path
) -> None:
    network = made(name, tmp_path, size).eval()

    out = network(pixel_values=torch.rand(2, 3, *size), output_hidden_states=True)

    assert out.logits.shape == (2, 3)
    widths = [h.shape[1] if h.dim() == 4 else h.shape[-1] for h in out.hidden_states]
    assert widths == list(widths_of(network.config))
    assert network.config.id2label == dict(enumerate(NAMES))


@pytest.mark.parametrize("name", OF_IMAGES)
def test_a_written_one_is_read_back_with_the_same_bits(name: str, tmp_path: Path) -> None:
    network = made(name, tmp_path).eval()
    network.save_pretrained(tmp_path / "out")

    again = AutoModelForImageClassification.from_pretrained(
        tmp_path / "out", trust_remote_code=True
    ).eval()

    pixels = torch.rand(2, 3, 8, 8)
    assert torch.equal(network(pixel_values=pixels).logits, again(pixel_values=pixels).logits)


def test_the_residual_networks_of_the_space_s0_have_their_published_sizes(tmp_path: Path) -> None:
    def params(first: int, second: int, third: int) -> int:
        network = made(
            "residual", tmp_path, (32, 32), first=first, second=second, third=third, width=16
        )
        own: int = sum(p.numel() for p in network.parameters())
        return own + 97 * 65  # theirs have 100 classes

    assert (params(3, 3, 3), params(7, 1, 3)) == (278_324, 259_892)


def test_a_patch_is_made_smaller_until_it_fits(tmp_path: Path) -> None:
    assert made("vit", tmp_path, (28, 28), patch=8).config.patch_size == 7
    assert made("vit", tmp_path, (32, 20), patch=16).config.patch_size == 4


def test_a_residual_shortcut_picks_the_pixels_of_its_stride_without_a_strided_convolution(
    tmp_path: Path,
) -> None:
    network = made("residual", tmp_path, width=4)
    strides = {
        m.stride
        for m in network.modules()
        if isinstance(m, torch.nn.Conv2d) and m.kernel_size == (1, 1)
    }
    assert strides == {(1, 1)}  # a strided one breaks the heap on processors without AVX-512

    block = network.stages[1][0].eval()
    x = torch.rand(3, 4, 8, 8)
    with torch.no_grad():
        conv, norm = block.shortcut
        strided = norm(torch.nn.functional.conv2d(x, conv.weight, stride=2))
        rest = block.norm2(block.conv2(block.act1(block.norm1(block.conv1(x)))))

        torch.testing.assert_close(block(x), block.act2(rest + strided))
