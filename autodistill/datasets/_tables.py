"""Network inputs by row: memory-mapped tables of tokens and of pixels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autodistill.runtime import arrays


@dataclass(frozen=True)
class TokenTable:
    """Token ids of many rows end to end, with the offset of each row."""

    ids: NDArray[np.int32]
    types: NDArray[np.uint8]
    """0 for the first text of a row, 1 for the second."""
    offsets: NDArray[np.int64]
    pad_id: int

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Tokens in each row."""
        return np.diff(self.offsets)

    def batch(
        self, rows: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Ids, mask and segment types of these rows, each (rows, longest row)."""
        begin = self.offsets[rows]
        lengths = self.offsets[rows + 1] - begin
        column = np.arange(lengths.max())
        mask = column < lengths[:, None]
        place = np.where(mask, begin[:, None] + column, 0)
        ids = np.where(mask, self.ids[place], self.pad_id)
        return (
            ids.astype(np.int64),
            mask.astype(np.int64),
            np.where(mask, self.types[place], 0).astype(np.int64),
        )

    @classmethod
    def make(
        cls, ids: Sequence[Sequence[int]], types: Sequence[Sequence[int]], pad_id: int
    ) -> "TokenTable":
        """A table from one list of ids and one of types per row."""
        offsets = np.cumsum([0, *map(len, ids)]).astype(np.int64)
        count, flat = int(offsets[-1]), chain.from_iterable
        return cls(
            np.fromiter(flat(ids), dtype=np.int32, count=count),
            np.fromiter(flat(types), dtype=np.uint8, count=count),
            offsets,
            pad_id,
        )

    def save(self, folder: Path) -> None:
        """Write the arrays into a folder that exists."""
        for name in ("ids", "types", "offsets"):
            arrays.save(folder / f"{name}.npy", getattr(self, name))
        arrays.save(folder / "pad_id.npy", np.int64(self.pad_id))

    @classmethod
    def open(cls, folder: Path) -> "TokenTable":
        """The table in a folder, memory-mapped."""
        ids, types, offsets = (
            np.load(folder / f"{n}.npy", mmap_mode="r") for n in ("ids", "types", "offsets")
        )
        return cls(ids, types, offsets, int(np.load(folder / "pad_id.npy")))

    def in_length_order(self, rows: NDArray[np.int64], size: int) -> Iterator[NDArray[np.int64]]:
        """The rows in parts of similar length.

        Longest first, so that a lack of memory shows early or never.
        """
        order = rows[np.argsort(-self.lengths[rows], kind="stable")]
        for start in range(0, len(order), size):
            yield order[start : start + size]


@dataclass(frozen=True)
class PixelTable:
    """Images of one size, with the preprocessing that a network expects."""

    pixels: NDArray[np.uint8]
    """(rows, height, width, 3)."""
    size: tuple[int, int]
    """Height and width that images are resized to."""
    mean: NDArray[np.float32]
    """Mean of each channel, where 1 is white; subtracted."""
    deviation: NDArray[np.float32]
    """Standard deviation of each channel; divided by."""
    draw: np.random.Generator | None = None
    """Generator for random shifts, by up to an eighth of the size; None for none."""
    mirror: bool = False
    """Whether half of the shifted images are mirrored, too."""

    def __len__(self) -> int:
        return len(self.pixels)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Cost of an image in tokens: one for 64 pixels."""
        return np.full(len(self.pixels), max(1, self.size[0] * self.size[1] // 64))

    def batch(
        self, rows: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.int64]]:
        """Pixels of these rows (rows, channels, height, width), with mask and types.

        Mask and types are those of a text of one token.
        """
        found = _resized(self.pixels[rows], self.size)
        if self.draw is not None:
            found = np.stack([moved(image, self.draw, mirror=self.mirror) for image in found])
        shares: NDArray[np.float32] = found.astype(np.float32) / np.float32(255)
        shares -= self.mean
        shares /= self.deviation
        seen = shares.transpose(
            0, 3, 1, 2
        )  # channels stay innermost in memory, which makes convolutions faster
        return (
            seen,
            np.ones((len(rows), 1), dtype=np.int64),
            np.zeros((len(rows), 1), dtype=np.int64),
        )

    def save(self, folder: Path) -> None:
        """Write the arrays into a folder that exists."""
        arrays.save(folder / "pixels.npy", self.pixels)
        look = {"size": self.size, "mean": self.mean, "deviation": self.deviation}
        arrays.save_many(folder / "look.npz", look)

    @classmethod
    def open(cls, folder: Path) -> "PixelTable":
        """The table in a folder, memory-mapped."""
        look = np.load(folder / "look.npz")
        pixels = np.load(folder / "pixels.npy", mmap_mode="r")
        return cls(
            pixels, (int(look["size"][0]), int(look["size"][1])), look["mean"], look["deviation"]
        )

    def in_length_order(self, rows: NDArray[np.int64], size: int) -> Iterator[NDArray[np.int64]]:
        """The rows in parts, in the given order."""
        for start in range(0, len(rows), size):
            yield rows[start : start + size]


Reading = TokenTable | PixelTable
"""A table of network inputs by row."""


def open_table(folder: Path) -> Reading:
    """The table in a folder: tokens or pixels."""
    return PixelTable.open(folder) if (folder / "pixels.npy").exists() else TokenTable.open(folder)


def moved(
    image: NDArray[np.uint8], draw: np.random.Generator, *, mirror: bool, share: float = 1 / 8
) -> NDArray[np.uint8]:
    """The image shifted at random, with `mirror` flipped half of the time.

    Shifts go up to `share` of height and width; the uncovered border is black.
    """
    height, width = image.shape[:2]
    down, right = max(1, round(share * height)), max(1, round(share * width))
    wide = np.pad(image, ((down, down), (right, right), (0, 0)))
    top, left = draw.integers(0, 2 * down + 1), draw.integers(0, 2 * right + 1)
    found = wide[top : top + height, left : left + width]
    return found[:, ::-1] if mirror and draw.random() < 0.5 else found


def grey(images: NDArray[np.uint8]) -> bool:
    """Whether all images are grey: their three channels are equal.

    Scans, digits and X-rays are such images; left and right may well differ in meaning there.
    """
    return bool((images[..., :1] == images).all())


def _resized(pixels: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """The images resized by bilinear interpolation."""
    if pixels.shape[1:3] == size:
        return pixels
    from PIL import Image

    return np.stack(
        [
            np.asarray(Image.fromarray(p).resize(size[::-1], Image.Resampling.BILINEAR))
            for p in pixels
        ]
    )
