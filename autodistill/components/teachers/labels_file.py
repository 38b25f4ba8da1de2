"""A file of soft labels: any model can teach, including a large language model.

Source   Hinton et al. 2015, arXiv:1503.02531, section 2 (soft targets).
Idea     One row per text, one column per class; probabilities, or any positive scores.
Inputs   CSV, TSV, JSON lines or parquet with `row` (index in the source's train split, from 0) or
         `text`, and a column per class.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autodistill.components.teachers import Found, Teacher, sha256
from autodistill.components.teachers.embedded import Embedded
from autodistill.components.teachers.residual import Residual
from autodistill.datasets._files import READERS, ending
from autodistill.errors import TeacherError
from autodistill.runtime.cache import check_kept


class LabelsFile(Teacher):
    def claims(self, name: str) -> bool:
        """Whether the name ends as that of a file of data."""
        return ending(Path(name)) in READERS

    def find(self, name: str, images: NDArray[np.uint8] | None = None) -> Found:
        """The labels file, with the network whose shape students take.

        For texts that is the embedded encoder; for images, a residual network of their size.
        """
        path = Path(name)
        if not path.is_file():
            raise TeacherError(
                f"the teacher's labels file {path} does not exist. Check the path given as teacher."
            )
        check_kept(path)
        base = (
            Embedded().find("embedded") if images is None else Residual().find("residual", images)
        )
        return Found(name, base.folder, sha256(path)[:16], (), labels_file=path)
