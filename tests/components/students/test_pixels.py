"""How networks see images, and that it is how their image processors do."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from transformers import AutoImageProcessor

from autodistill.components.students._pixels import FILE, Look
from autodistill.datasets._tables import PixelTable
from autodistill.errors import TeacherError
from tests.fakes import bright_images


def test_pixels_are_those_of_the_image_processor_that_is_written(tmp_path: Path) -> None:
    images = bright_images(6, side=12)[0]
    look = Look((8, 10), (0.3, 0.4, 0.5), (0.2, 0.25, 0.3))
    look.write(tmp_path)
    table = PixelTable(
        images, look.size, *(np.array(x, dtype=np.float32) for x in (look.mean, look.deviation))
    )

    processor = AutoImageProcessor.from_pretrained(tmp_path)

    theirs = processor([Image.fromarray(i) for i in images], return_tensors="pt")["pixel_values"]
    assert np.allclose(table.batch(np.arange(6))[0], theirs.numpy(), atol=1e-5)


def test_a_look_is_read_as_it_was_written_and_fits_its_images(tmp_path: Path) -> None:
    images = bright_images(50)[0]
    look = Look.fitting(images)

    look.write(tmp_path)

    assert Look.read(tmp_path) == look
    shown = (images / 255 - look.mean) / look.deviation
    assert np.allclose(shown.mean((0, 1, 2)), 0, atol=1e-4)
    assert np.allclose(shown.std((0, 1, 2)), 1, atol=1e-4)


@pytest.mark.parametrize(
    ("said", "look"),
    [
        ({"size": 32}, Look((32, 32), (0.0,) * 3, (1.0,) * 3)),
        (
            {
                "size": {"shortest_edge": 40},
                "crop_size": {"height": 32, "width": 30},
                "do_center_crop": True,
            },
            Look((32, 30), (0.0,) * 3, (1.0,) * 3),
        ),
        (
            {"size": {"shortest_edge": 40}, "image_mean": [0.5] * 3, "image_std": [0.5] * 3},
            Look((40, 40), (0.5,) * 3, (0.5,) * 3),
        ),
        (
            {"size": {"height": 8, "width": 9}, "image_mean": [0.5] * 3, "do_normalize": False},
            Look((8, 9), (0.0,) * 3, (1.0,) * 3),
        ),
    ],
)
def test_processors_of_the_hub_say_it_in_several_ways(
    tmp_path: Path, said: dict[str, object], look: Look
) -> None:
    (tmp_path / FILE).write_text(json.dumps(said))

    assert Look.read(tmp_path) == look


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "has no readable preprocessor_config.json"),
        ("{}", "gives no target size for images"),
    ],
)
def test_a_processor_that_does_not_say_it_is_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / FILE).write_text(text)

    with pytest.raises(TeacherError, match=message):
        Look.read(tmp_path)


def test_what_one_network_sees_is_turned_into_what_another_sees() -> None:
    images = bright_images(4)[0]
    looks = (
        Look((8, 8), (0.1, 0.2, 0.3), (0.5, 0.4, 0.3)),
        Look((8, 8), (0.5, 0.5, 0.5), (0.2, 0.2, 0.2)),
    )
    seen = [
        PixelTable(images, k.size, np.array(k.mean, "f"), np.array(k.deviation, "f")).batch(
            np.arange(4)
        )[0]
        for k in looks
    ]
    own, other = map(torch.from_numpy, seen)

    assert torch.allclose(looks[1].of(own, looks[0]), other, atol=1e-5)
    assert looks[0].of(own, looks[0]) is own
    assert Look((16, 16), *(looks[0].mean, looks[0].deviation)).of(own, looks[0]).shape == (
        4,
        3,
        16,
        16,
    )
