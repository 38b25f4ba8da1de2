"""A fine-tuned classifier from a local folder or from the hub.

Source   the Hugging Face format: config.json, weights, tokenizer.
Idea     Any network that AutoModelForSequenceClassification loads, or
         AutoModelForImageClassification with its processor.
Inputs   a folder, or a hub name such as distilbert-base-uncased-finetuned-sst-2-english.
"""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autodistill.components.students._pixels import FILE, Look
from autodistill.components.teachers import Found, Teacher, sha256
from autodistill.errors import TeacherError


class Transformer(Teacher):
    def claims(self, name: str) -> bool:
        """Always true: it takes every name that no other kind claims."""
        return True

    def find(self, name: str, images: NDArray[np.uint8] | None = None) -> Found:
        """The folder as given, or the hub's snapshot: cached if possible, else downloaded."""
        folder = Path(name) if Path(name).is_dir() else _from_hub(name)
        config = folder / "config.json"
        if not config.exists():
            raise TeacherError(
                f"the teacher folder {folder} has no config.json. Give a folder that "
                "save_pretrained wrote."
            )
        try:
            content = json.loads(config.read_text(encoding="utf-8"))
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise TeacherError(
                f"{config} cannot be read: {error}. Save the teacher again with save_pretrained."
            ) from None
        kinds = content.get("architectures") or []
        wanted, of = (
            ("ForSequenceClassification", "texts")
            if images is None
            else ("ForImageClassification", "images")
        )
        if not any(k.endswith(wanted) for k in kinds):
            raise TeacherError(
                f"the teacher '{name}' is {', '.join(kinds) or 'of an unnamed kind'}, not a "
                f"fine-tuned classifier of {of}. Fine-tune it for the task first, or use "
                "--teacher embedded."
            )
        weights = sorted([*folder.glob("*.safetensors"), *folder.glob("pytorch_model*.bin")])
        if not weights:
            raise TeacherError(
                f"the teacher folder {folder} holds no weights (model.safetensors). Save it again "
                "with save_pretrained."
            )
        files = ("tokenizer.json", "vocab.txt", "spiece.model") if images is None else (FILE,)
        texts = [p for n in files if (p := folder / n).exists()]
        if images is not None:
            Look.read(folder)
        elif not texts:
            raise TeacherError(
                f"the teacher folder {folder} holds no tokenizer (tokenizer.json). Save the "
                "teacher's tokenizer there with save_pretrained."
            )
        names = content.get("id2label") or {
            i: f"LABEL_{i}" for i in range(content.get("num_labels", 2))
        }  # Transformers' defaults, which configs omit
        labels = tuple(str(names[k]) for k in sorted(names, key=int))
        return Found(name, folder, sha256(*weights, *texts, config)[:16], labels)


def _from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    patterns = ["*.json", "*.safetensors", "*.txt", "*.model"]
    try:
        return Path(snapshot_download(name, allow_patterns=patterns, local_files_only=True))
    except HFValidationError:
        raise TeacherError(
            f"unknown teacher '{name}': no such folder, and not a hub name (owner/name). There is "
            "also: embedded."
        ) from None
    except LocalEntryNotFoundError:
        pass
    try:
        return Path(snapshot_download(name, allow_patterns=patterns, etag_timeout=5))
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
