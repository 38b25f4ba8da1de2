"""A file of soft labels: any model can teach, a large language model included.

Source   Hinton et al. 2015, arXiv:1503.02531, section 2 (soft targets).
Idea     One row per text, one column per class; probabilities, or any positive scores.
Inputs   CSV, TSV or parquet with `row` (place in the source's train split, from 0) or `text`, and a column per class.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autodistill.components.teachers import Found, Teacher, sha256
from autodistill.components.teachers.embedded import Embedded
from autodistill.components.teachers.residual import Residual
from autodistill.errors import TeacherError


class LabelsFile(Teacher):
    def claims(self, name: str) -> bool:
        """Names that end like a table."""
        return Path(name).suffix.lower() in (".csv", ".tsv", ".parquet")

    def find(self, name: str, images: NDArray[np.uint8] | None = None) -> Found:
        """The file; students take tokenizer and shape from the embedded encoder, those of images their size from the images."""
        path = Path(name)
        if not path.is_file():
            raise TeacherError(f"the teacher's file of labels {path} does not exist.")
        base = (
            Embedded().find("embedded") if images is None else Residual().find("residual", images)
        )
        return Found(name, base.folder, sha256(path)[:16], (), labels_file=path)
