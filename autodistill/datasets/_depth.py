"""Grey images of more than 8 bits, brought to 0 to 255 by one factor for a whole dataset."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from autodistill.datasets._images import Deep, Image, named
from autodistill.datasets._source import RawSplit, Splits
from autodistill.errors import DataError

BYTE = 255


def eight_bit(found: Splits) -> Splits:
    """The same splits with images of 0 to 255; raises DataError for negative brightness.

    White is the largest number of as many bits as the brightest image needs: scanners and
    microscopes use 10, 12 or 14 of 16.
    """
    deep = {
        role: [image for image in split.images or () if is_deep(image)]
        for role, split in found.splits.items()
    }
    every = [image for images in deep.values() for image in images]
    if not every:
        return found
    lowest, brightest = min(i.min() for i in every), max(i.max() for i in every)
    if not (np.isfinite(lowest) and np.isfinite(brightest)) or lowest < 0:
        raise DataError(
            f"{found.source} has grey images with brightness from {lowest:g} to {brightest:g}; "
            "save them as 8-bit or 16-bit images."
        )
    white = 1.0 if brightest <= 1 else float(2 ** max(8, int(brightest).bit_length()) - 1)
    note = (
        f"{len(every)} grey images of more than 8 bits are read with {white:g} as white "
        f"(the brightest is {brightest:g})"
    )
    splits = {role: _read_with(white, split) for role, split in found.splits.items()}
    return replace(found, splits=splits, notes=(*found.notes, note))


def is_deep(image: Image | Deep) -> bool:
    """Whether an image still has the brightness that its file holds."""
    return image.dtype != np.uint8


def _read_with(white: float, split: RawSplit) -> RawSplit:
    images: Sequence[Image] | None = split.images
    if not images or not any(map(is_deep, images)):
        return split
    found = [_as_bytes(i, white) if is_deep(i) else i for i in images]
    return replace(split, images=found, texts=[named(i) for i in found])


def _as_bytes(image: Image | Deep, white: float) -> Image:
    grey = np.rint(np.clip(image.astype(np.float64) / white, 0, 1) * BYTE).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)
