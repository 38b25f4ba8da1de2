"""Pixel tables from images, once per preprocessing and rows."""

from pathlib import Path

import numpy as np

from autodistill.components.students import Vocabulary
from autodistill.components.students._pixels import Look
from autodistill.datasets import Rows
from autodistill.datasets._tables import PixelTable
from autodistill.runtime.cache import once


def pixels(folder: Path, rows: Rows, home: Path) -> Path:
    """The folder of the rows' pixel table, for the image processor in `folder`."""
    look, images = Look.read(folder), rows.images
    assert images is not None
    place = home / "pixels" / f"{look.key}-{rows.digest}"
    mean, deviation = (np.array(x, dtype=np.float32) for x in (look.mean, look.deviation))
    once(place, lambda draft: PixelTable(images, look.size, mean, deviation).save(draft))
    return place


def looks(folder: Path, rows: Rows, home: Path) -> dict[str, Vocabulary]:
    """Input variants for a student, by name.

    full: as for the network in `folder`; pixels: the images in their own size.
    """
    assert rows.images is not None
    own = Look.fitting(rows.images)
    place = home / "looks" / own.key
    once(place, own.write)
    return {"full": Vocabulary(folder, None, 0, 0), "pixels": Vocabulary(place, None, 0, 0)}
