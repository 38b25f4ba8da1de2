"""Folders of images."""

import io
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from tests.bad_input.case import Case, Write


def image(mode: str = "RGB", size: tuple[int, int] = (8, 8)) -> bytes:
    """A PNG of random pixels."""
    from PIL import Image

    draw = np.random.default_rng(0)
    shape = (size[1], size[0], 3) if mode == "RGB" else (size[1], size[0])
    stream = io.BytesIO()
    Image.fromarray(draw.integers(0, 255, shape, dtype=np.uint8)).save(stream, "PNG")
    return stream.getvalue()


def _classes(*names: str, count: int = 12) -> dict[str, str | bytes | Write]:
    return {f"pictures/{n}/{i}.png": image() for n in names for i in range(count)}


def _case(what: str, files: Mapping[str, str | bytes | Write]) -> Case:
    return Case(what, "search --dataset pictures --teacher residual", files)


def _folder(path: Path) -> None:
    path.mkdir()


CASES = (
    _case("images of one class only", _classes("cat")),
    _case("an image that is cut", _classes("cat", "dog") | {"pictures/cat/x.png": image()[:60]}),
    _case("an empty image", _classes("cat", "dog") | {"pictures/cat/x.png": b""}),
    _case("a text named .png", _classes("cat", "dog") | {"pictures/dog/x.png": "no image"}),
    _case("classes without an image", {"pictures/cat": _folder, "pictures/dog": _folder}),
    _case("a few images", _classes("cat", "dog", count=2)),
)
