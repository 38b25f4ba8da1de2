"""Reading of images and resizing to one size: RGB, 0 to 255."""

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodistill.datasets._kinds import is_pointer
from autodistill.errors import DataError

Image = NDArray[np.uint8]
"""(height, width, 3)."""
Deep = NDArray[Any]
"""Brightness (height, width) as its file holds it, of more than 8 bits."""
DEEP_MODES = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")
COLUMNS = ("image", "img")
ENDINGS = (
    *(".png", ".jpg", ".jpeg", ".jfif", ".jpe", ".bmp", ".gif", ".webp", ".tif", ".tiff"),
    *(".ppm", ".pgm", ".pbm", ".avif", ".jp2", ".tga"),
)
SYSTEM = (
    *("__macosx", "__pycache__", "@eadir", "$recycle.bin", "system volume information"),
    *("thumbs.db", "desktop.ini", "icon\r", "lost+found"),
)
LARGEST = 224
"""Longest side in pixels that is kept; usual for image classifiers of the hub."""


def are_images(values: Sequence[Any]) -> bool:
    """Whether a column holds images in the hub's format, or names of image files."""
    first = next((v for v in values if v is not None), None)
    if isinstance(first, str):
        return first.lower().endswith(ENDINGS)
    return isinstance(first, Mapping) and {"bytes", "path"} & set(first) != set()


def read_images(values: Sequence[Any], where: str, rows: Sequence[int]) -> list[Image | Deep]:
    """The images of a column; raises DataError that names the unreadable ones.

    Each value is a mapping with `bytes` or a `path`, or a path relative to the folder of `where`.
    """
    wanted = []
    for row, value in zip(rows, values):
        known: Mapping[str, Any] = {"path": value} if isinstance(value, str) else value or {}
        source, path = known.get("bytes"), known.get("path")
        if source is None and not path:
            raise DataError(f"{where}: no image at row {row}; remove this row.")
        source = Path(where).parent / str(path) if source is None else source
        wanted.append((source, f"{where}, row {row}"))
    return read_all(wanted)


def read_all(wanted: Sequence[tuple[bytes | Path, str]]) -> list[Image | Deep]:
    """Images from bytes or files with their places; one DataError for all unreadable ones."""
    found, wrong = [], list[str]()
    for source, where in wanted:
        try:
            found.append(read_image(source, where))
        except DataError as error:
            wrong.append(str(error))
    if len(wrong) > 1:
        places = [message.partition(": ")[0] for message in wrong[1:]]
        more = ", ".join(places[:4]) + (" and others" if len(places) > 4 else "")
        raise DataError(f"{wrong[0]} So are {len(places)} more: {more}.")
    if wrong:
        raise DataError(wrong[0])
    return found


def read_image(source: bytes | Path, where: str) -> Image | Deep:
    """One image from its bytes or file, upright; raises DataError."""
    try:
        import PIL.Image
        import PIL.ImageOps
    except ImportError:
        raise DataError(
            f"{where}: reading images needs Pillow, which is not installed: "
            "pip install 'kd-autodistill[image]'"
        ) from None
    try:
        data = source if isinstance(source, bytes) else source.read_bytes()
        if is_pointer(data):
            raise ValueError("a pointer of Git LFS or git-annex, not the file itself: fetch it")
        with PIL.Image.open(io.BytesIO(data)) as image:
            upright = PIL.ImageOps.exif_transpose(image)
            if upright.mode in DEEP_MODES:
                return np.asarray(upright)
            return np.asarray(upright.convert("RGB"), dtype=np.uint8)
    except PIL.UnidentifiedImageError:
        raise DataError(
            f"{where}: this image cannot be read (no image, or of an unknown format); "
            "remove or replace it."
        ) from None
    except Exception as error:  # Pillow's readers let errors of many kinds through
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


@dataclass(frozen=True)
class ImageFiles:
    """The images below a folder by class, and what else lies there."""

    by_class: Mapping[str, Sequence[Path]]
    empty: tuple[str, ...] = ()
    """Subfolders without images."""
    others: tuple[Path, ...] = ()
    """Files that are not read, but for those of the system."""
    deeper: tuple[Path, ...] = ()
    """Folders with images below the one that names the class."""
    hidden: tuple[str, ...] = ()
    """Folders of the system or of programs, which are no classes."""


def files_by_class(folder: Path) -> ImageFiles:
    """Images by the subfolder they lie in, each a class; hidden and system folders are none."""
    found, deeper = dict[str, Sequence[Path]](), dict[Path, None]()
    empty, others, hidden = list[str](), list[Path](), list[str]()
    for place in sorted(folder.iterdir()):
        if is_hidden(place):
            hidden += [place.name] if place.is_dir() else []
            continue
        if place.is_file():
            others += [place] if place.suffix.lower() in ENDINGS else []
            continue
        files = [
            p for p in sorted(place.rglob("*")) if p.is_file() and not _is_below_hidden(p, place)
        ]
        images = [p for p in files if p.suffix.lower() in ENDINGS]
        if not images:
            empty.append(place.name)
            continue
        found[place.name] = images
        others += [p for p in files if p.suffix.lower() not in ENDINGS]
        deeper |= dict.fromkeys(p.parent for p in images if p.parent != place)
    return ImageFiles(found, tuple(empty), tuple(others), tuple(deeper), tuple(hidden))


def is_hidden(path: Path) -> bool:
    """Whether a file or folder belongs to the system or to a program, not to the data."""
    return path.name.startswith(".") or path.name.lower() in SYSTEM


def _is_below_hidden(path: Path, top: Path) -> bool:
    return any(is_hidden(Path(part)) for part in path.relative_to(top).parts)
