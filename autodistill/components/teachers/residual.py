"""A residual network trained here, once per set of images, without a download.

Source   He et al. 2016, arXiv:1512.03385, section 4.2; wide and shallow as in Zagoruyko and
         Komodakis 2016, arXiv:1605.07146.
Idea     Few wide layers: on a CPU, a step takes less time than with many narrow layers of equal
         accuracy.
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
        """Whether the name is `residual`; for images, `embedded` means the same."""
        return name == "residual"

    def find(self, name: str, images: NDArray[np.uint8] | None = None) -> Found:
        """An untrained network, the same for images of equal size, mean and deviation."""
        if images is None:
            raise TeacherError(
                "the teacher 'residual' is for images, but this dataset holds texts. Use "
                "--teacher embedded, or a text classifier."
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
