"""Networks that an augmentation needs: folders on disk, named by environment variables, loaded when first asked."""

from functools import cache
from pathlib import Path
from typing import Any

from autodistill.errors import SpecError
from autodistill.runtime.settings import network_folder


def folder_of(variable: str, what: str) -> Path:
    """The folder that a variable names; raises SpecError when there is none."""
    value = network_folder(variable)
    if not value:
        raise SpecError(
            f"this augmentation needs {what}: set {variable} to its folder, or leave the augmentation out."
        )
    if not (Path(value) / "config.json").is_file():
        raise SpecError(
            f"{variable} is {value}, where there is no {what} (no config.json). Name a folder as Hugging Face writes them."
        )
    return Path(value)


@cache
def loaded(folder: Path, kind: str) -> tuple[Any, Any]:
    """Tokenizer and network, the network of this kind of Transformers' auto classes."""
    import transformers

    network = getattr(transformers, kind).from_pretrained(folder, local_files_only=True).eval()
    return transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True), network
