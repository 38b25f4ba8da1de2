"""How a network wants to see images: size, mean and deviation, in the file that image processors of Hugging Face read."""

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

FILE = "preprocessor_config.json"


@dataclass(frozen=True)
class Look:
    """What is done to an image before a network sees it."""

    size: tuple[int, int]
    """Height and width that it is brought to."""
    mean: tuple[float, ...]
    """Of each channel, where 1 is white; taken off."""
    deviation: tuple[float, ...]
    """Of each channel; divided by."""

    @classmethod
    def fitting(cls, images: NDArray[np.uint8]) -> Self:
        """Of a network for these images (rows, height, width, channels), each channel with mean 0 and deviation 1."""
        shares = images.reshape(-1, images.shape[3]) / 255
        deviation = np.maximum(shares.std(0), 1e-3)
        return cls(
            (images.shape[1], images.shape[2]),
            tuple(shares.mean(0).round(6).tolist()),
            tuple(deviation.round(6).tolist()),
        )

    @classmethod
    def read(cls, folder: Path) -> Self:
        """From a network's folder; raises TeacherError."""
        file = folder / FILE
        try:
            said: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise TeacherError(
                f"the folder {folder} has no {FILE} that can be read; an image classifier is saved with its processor."
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
                f"{file} does not say to which size images are brought: size is {said.get('size')!r}."
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
        """As AutoImageProcessor reads it."""
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
        (folder / FILE).write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")

    def of(self, pixels: Tensor, shown: "Look") -> Tensor:
        """What is shown in another look, (batch, channels, height, width), in this one."""
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
        """Content hash."""
        return hashlib.sha256(repr((self.size, self.mean, self.deviation)).encode()).hexdigest()[
            :12
        ]
