"""A residual network that is trained here, once for each set of images: a teacher of images with no download.

Source   He et al. 2016, arXiv:1512.03385, section 4.2; wide and shallow as in Zagoruyko and Komodakis 2016, arXiv:1605.07146.
Idea     Few wide layers: on a processor, a step of them takes less time than one of many narrow layers that are as good.
Inputs   the training images, for their size and their mean.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autodistill.components.students._pixels import FILE, Look
from autodistill.components.teachers import Found, Teacher, sha256
from autodistill.errors import TeacherError
from autodistill.runtime import cache

DEPTHS, WIDTHS = (2, 2, 2), (32, 64, 128)
SEED = 0


class Residual(Teacher):
    def claims(self, name: str) -> bool:
        """The one name `residual`, which `embedded` means for images."""
        return name == "residual"

    def find(self, name: str, images: NDArray[np.uint8] | None = None) -> Found:
        """Random weights, always the same for images of one size, mean and deviation."""
        if images is None:
            raise TeacherError(
                "the teacher 'residual' is for images, this dataset is of texts. Use --teacher embedded, or a classifier."
            )
        look = Look.fitting(images)
        folder = cache.home() / "starts" / f"residual-{look.key}"

        def make(draft: Path) -> None:
            import torch

            from autodistill.components.students._networks import untrained
            from autodistill.components.students._networks.residual import ResidualConfig

            with torch.random.fork_rng(devices=()):
                torch.manual_seed(SEED)
                untrained(
                    ResidualConfig(depths=DEPTHS, widths=WIDTHS, image_size=look.size)
                ).save_pretrained(draft)
            look.write(draft)

        cache.once(folder, make)
        return Found(
            name, folder, sha256(folder / "model.safetensors", folder / FILE)[:16], tuned=False
        )
