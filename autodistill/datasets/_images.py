"""Reading of images and resizing to one size: RGB, 0 to 255."""

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodistill.errors import DataError

Image = NDArray[np.uint8]
"""(height, width, 3)."""
COLUMNS = ("image", "img")
ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff")
LARGEST = 224
"""Longest side in pixels that is kept; usual for image classifiers of the hub."""


def are_images(values: Sequence[Any]) -> bool:
    """Whether a column holds images in the hub's format, or names of image files."""
    first = next((v for v in values if v is not None), None)
    if isinstance(first, str):
        return first.lower().endswith(ENDINGS)
    return isinstance(first, Mapping) and {"bytes", "path"} & set(first) != set()


def read_images(values: Sequence[Any], where: str, rows: Sequence[int]) -> list[Image]:
    """The images of a column; raises DataError at the first unreadable one.

    Each value is a mapping with `bytes` or a `path`, or a path relative to the folder of `where`.
    """
    found = []
    for row, value in zip(rows, values):
        known: Mapping[str, Any] = {"path": value} if isinstance(value, str) else value or {}
        source, path = known.get("bytes"), known.get("path")
        if source is None and not path:
            raise DataError(f"{where}: no image at row {row}; remove this row.")
        source = Path(where).parent / str(path) if source is None else source
        found.append(read_image(source, f"{where}, row {row}"))
    return found


def read_image(source: bytes | Path, where: str) -> Image:
    """One image from its bytes or file; raises DataError."""
    try:
        import PIL.Image
    except ImportError:
        raise DataError(
            f"{where}: reading images needs Pillow, which is not installed: "
            "pip install 'kd-autodistill[image]'"
        ) from None
    try:
        with PIL.Image.open(io.BytesIO(source) if isinstance(source, bytes) else source) as image:
            return np.asarray(image.convert("RGB"), dtype=np.uint8)
    except (OSError, ValueError, PIL.Image.DecompressionBombError) as error:
        raise DataError(
            f"{where}: this image cannot be read ({str(error).splitlines()[0]}); "
            "remove or replace it."
        ) from None


def common_size(images: Sequence[Image]) -> tuple[int, int]:
    """Height and width that all images are resized to.

    Their own size where they agree; otherwise a square of the median shorter side.
    """
    sizes = {i.shape[:2] for i in images}
    height, width = next(iter(sizes))
    if len(sizes) == 1 and max(height, width) <= LARGEST:
        return height, width
    side = min(LARGEST, round(float(np.median([min(i.shape[:2]) for i in images]))))
    return side, side


def of_size(image: Image, size: tuple[int, int]) -> Image:
    """The image resized by bilinear interpolation; proportions are not kept."""
    if image.shape[:2] == size:
        return image
    import PIL.Image

    return np.asarray(PIL.Image.fromarray(image).resize(size[::-1], PIL.Image.Resampling.BILINEAR))


def named(image: Image) -> str:
    """A name derived from the content: equal images have equal names."""
    return f"image {hashlib.sha256(repr(image.shape).encode() + image.tobytes()).hexdigest()[:24]}"


def files_by_class(folder: Path) -> dict[str, list[Path]]:
    """Images by the subfolder they lie in, each a class; empty where there are none."""
    return {
        p.name: found
        for p in sorted(folder.iterdir())
        if p.is_dir() and (found := sorted(_images_in(p)))
    }


def _images_in(folder: Path) -> Iterator[Path]:
    return (p for p in folder.rglob("*") if p.suffix.lower() in ENDINGS and p.is_file())
