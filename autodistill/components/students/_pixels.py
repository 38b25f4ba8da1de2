"""Image preprocessing of a network: size, mean and standard deviation.

They are stored in the file that Hugging Face image processors read.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from autodistill.errors import TeacherError
from autodistill.runtime import files

FILE = "preprocessor_config.json"


@dataclass(frozen=True)
class Look:
    """The preprocessing of an image before a network reads it."""

    size: tuple[int, int]
    """Target height and width."""
    mean: tuple[float, ...]
    """Mean of each channel, where 1 is white; it is subtracted."""
    deviation: tuple[float, ...]
    """Standard deviation of each channel; pixels are divided by it."""

    @classmethod
    def fitting(cls, images: NDArray[np.uint8]) -> Self:
        """The preprocessing that gives each channel mean 0 and deviation 1.

        `images`: (rows, height, width, channels); their size becomes the target size.
        """
        shares = images.reshape(-1, images.shape[3]) / 255
        deviation = np.maximum(shares.std(0), 1e-3)
        return cls(
            (images.shape[1], images.shape[2]),
            tuple(shares.mean(0).round(6).tolist()),
            tuple(deviation.round(6).tolist()),
        )

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the file in a network's folder; raises TeacherError if it is unusable."""
        file = folder / FILE
        try:
            said: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise TeacherError(
                f"the folder {folder} has no readable {FILE}; save the image classifier together "
                "with its processor."
            ) from None
        shown = (
            (said.get("crop_size") if said.get("do_center_crop") else None)
            or said.get("size")
            or {}
        )
        sides = (
            (shown, shown) if isinstance(shown, int) else (shown.get("height"), shown.get("width"))
        )
        edge = None if isinstance(shown, int) else shown.get("shortest_edge")
        height, width = (edge, edge) if sides[0] is None else sides
        if not isinstance(height, int) or not isinstance(width, int):
            raise TeacherError(
                f"{file} gives no target size for images: size is {said.get('size')!r}. Write "
                '"size": {"height": H, "width": W} into it.'
            )
        whole = said.get("do_normalize", True)
        return cls(
            (height, width),
            *(
                tuple(said[k]) if whole and k in said else (plain,) * 3
                for k, plain in (("image_mean", 0.0), ("image_std", 1.0))
            ),
        )

    def write(self, folder: Path) -> None:
        """Write the file in the format that AutoImageProcessor reads."""
        said = {
            "image_processor_type": "ViTImageProcessor",
            "do_convert_rgb": True,
            "do_resize": True,
            "size": {"height": self.size[0], "width": self.size[1]},
            "resample": 2,
            "do_rescale": True,
            "rescale_factor": 1 / 255,
            "do_normalize": True,
            "image_mean": list(self.mean),
            "image_std": list(self.deviation),
        }
        files.write_text(folder / FILE, json.dumps(said, indent=1) + "\n")

    def of(self, pixels: Tensor, shown: "Look") -> Tensor:
        """Convert pixels from another preprocessing to this one.

        `pixels`: (batch, channels, height, width), preprocessed as `shown` says.
        """
        if shown == self:
            return pixels
        mean, deviation, own_mean, own_deviation = (
            torch.tensor(x).view(1, -1, 1, 1).to(pixels)
            for x in (shown.mean, shown.deviation, self.mean, self.deviation)
        )
        found = (pixels * deviation + mean - own_mean) / own_deviation
        if shown.size == self.size:
            return found
        return nn.functional.interpolate(found, self.size, mode="bilinear", antialias=True)

    @property
    def key(self) -> str:
        """A content hash of the settings."""
        return hashlib.sha256(repr((self.size, self.mean, self.deviation)).encode()).hexdigest()[
            :12
        ]
