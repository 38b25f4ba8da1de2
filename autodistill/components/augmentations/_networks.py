"""Networks used by augmentations: local folders named by environment variables.

A network is loaded on first use.
"""

import os
from functools import cache
from pathlib import Path
from typing import Any

from autodistill.errors import SpecError


def folder_of(variable: str, what: str) -> Path:
    """The folder named by an environment variable; raises SpecError if unusable.

    `what` describes the network in the error message.
    """
    value = os.environ.get(variable, "")
    if not value:
        raise SpecError(
            f"this augmentation needs {what}, but {variable} is not set: set {variable} to its "
            "folder, or leave the augmentation out."
        )
    if not (Path(value) / "config.json").is_file():
        raise SpecError(
            f"{variable}={value} is not the folder of {what}: config.json is missing. Name a "
            "folder in Hugging Face format."
        )
    return Path(value)


@cache
def loaded(folder: Path, kind: str) -> tuple[Any, Any]:
    """Tokenizer and network; `kind` names one of Transformers' auto classes."""
    import transformers

    network = getattr(transformers, kind).from_pretrained(folder, local_files_only=True).eval()
    return transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True), network
