"""Networks that Transformers lacks, by torch alone: `modeling.py` of a student's folder.

A file of a kind begins where this package is imported from; what is written is the shared class
`Loaded`, then the kind's own.
"""

from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FAMILY = "autodistill_"
IMPORT = "from autodistill.components.students._plain.loaded import Loaded\n"


def plain_source(config: Any) -> str:
    """The text of `modeling.py` for a network of this config; empty where there is none."""
    kind = getattr(config, "body", config.model_type.removeprefix(FAMILY))
    file = HERE / f"{kind}.py"
    if not config.model_type.startswith(FAMILY) or not file.is_file():
        return ""
    _, _, body = file.read_text(encoding="utf-8").partition(IMPORT)
    return (HERE / "loaded.py").read_text(encoding="utf-8") + body
