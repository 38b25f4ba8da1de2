"""A network from a local folder or from the hub: a fine-tuned classifier, or an encoder of texts.

Source   the Hugging Face format: config.json, weights, tokenizer; folders of sentence-transformers.
Idea     Any network that AutoModelForSequenceClassification loads, or
         AutoModelForImageClassification with its processor. An encoder without a head for
         classes gets one, and is fine-tuned here once per dataset.
Inputs   a folder, or a hub name such as distilbert-base-uncased-finetuned-sst-2-english.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autodistill.components.students._pixels import FILE, Look
from autodistill.components.students._reader import tokenizer_files
from autodistill.components.teachers import Found, Teacher, sha256
from autodistill.components.teachers._config import (
    is_classifier,
    network_folder,
    output_names,
    read_config_file,
)
from autodistill.components.teachers._tokenizer import check_tokenizer, positions_of
from autodistill.components.teachers._weights import open_whole
from autodistill.errors import TeacherError

WEIGHTS = "*.safetensors", "pytorch_model*.bin"


class Transformer(Teacher):
    def claims(self, name: str) -> bool:
        """Always true: it takes every name that no other kind claims."""
        return True

    def find(self, name: str, images: NDArray[np.uint8] | None = None) -> Found:
        """The folder as given, or the hub's snapshot: cached if possible, else downloaded.

        It is loaded once, to be sure that it can answer.
        """
        folder = network_folder(_folder_of(name))
        content = read_config_file(folder)
        tuned = is_classifier(content, name, images=images is not None)
        labels = output_names(content, folder / "config.json") if tuned else ()
        network = open_whole(folder, name, headless=not tuned)
        longest = None
        if images is None:
            check_tokenizer(folder, name, network)
            longest = positions_of(network)
        else:
            Look.read(folder)
        readers = tokenizer_files(folder) if images is None else (folder / FILE,)
        weights = sorted(p for pattern in WEIGHTS for p in folder.glob(pattern))
        key = sha256(*weights, *readers, folder / "config.json")[:16]
        return Found(name, folder, key, labels, tuned, longest=longest)


def _folder_of(name: str) -> Path:
    if Path(name).is_dir():
        return Path(name)
    if Path(name).is_file():
        raise TeacherError(
            f"the teacher {name} is a file. Give the folder that save_pretrained wrote, such as "
            f"{Path(name).absolute().parent}, or soft labels as .csv, .tsv or .parquet."
        )
    return hub_folder(name)


def hub_folder(name: str) -> Path:
    """The hub's snapshot: cached if possible, else downloaded; raises TeacherError."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    patterns = ["*.json", "*.safetensors", "*.txt", "*.model", "*.codes"]
    try:
        found = Path(snapshot_download(name, allow_patterns=patterns, local_files_only=True))
        if _complete(found):
            return found
    except HFValidationError:
        raise TeacherError(
            f"unknown teacher '{name}': no such folder, and not a hub name (owner/name). There is "
            "also: embedded."
        ) from None
    except LocalEntryNotFoundError:
        pass
    try:
        found = Path(snapshot_download(name, allow_patterns=patterns, etag_timeout=5))
        if _complete(found):
            return found
        older = [*patterns, "pytorch_model*.bin"]  # asked for only where there is nothing else
        return Path(snapshot_download(name, allow_patterns=older, etag_timeout=5))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        unknown = "404" in str(error) or "401" in str(error)
        reason = (
            "the hub does not know it"
            if unknown
            else "the hub cannot be reached and nothing is cached"
        )
        raise TeacherError(
            f"teacher '{name}': no such folder, and {reason}. Give a folder, check the name, or "
            "use --teacher embedded."
        ) from None


def _complete(snapshot: Path) -> bool:
    folder = network_folder(snapshot)
    return any(next(folder.glob(pattern), None) for pattern in WEIGHTS)
