"""A teacher's config.json, read with distrust: what it is, and the names of its outputs."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autodistill.components.students._networks import register
from autodistill.errors import TeacherError

POINTER = b"version https://git-lfs.github.com/spec"
LONGEST_POINTER = 1024
SOFT_LABELS = (
    "write its probabilities into a file of soft labels, and give that file with --teacher"
)
"""Abilities of any classifier, however it is loaded."""


def read_config_file(folder: Path) -> dict[str, Any]:
    """The content of config.json; raises TeacherError for one that is missing or damaged."""
    _refuse_pointers(folder)
    place = folder / "config.json"
    if not place.exists():
        raise TeacherError(_without_config(folder))
    try:
        content = json.loads(place.read_text(encoding="utf-8"))
        if not isinstance(content, dict):
            raise ValueError(f"it holds a {type(content).__name__}, not an object")
    except ValueError as error:  # broken JSON and bytes that are no UTF-8 are ValueErrors, too
        raise TeacherError(
            f"{place} cannot be read: {error}. Save the teacher again with save_pretrained."
        ) from None
    return content


def is_classifier(content: Mapping[str, Any], name: str, *, images: bool) -> bool:
    """Whether it is a classifier of such rows; if not, an encoder of texts without a head.

    Raises TeacherError for everything else, and for what cannot be loaded here.
    """
    from transformers import CONFIG_MAPPING
    from transformers import __version__ as version

    register()
    kind = content.get("model_type") or ""
    if kind not in CONFIG_MAPPING:
        if own := content.get("auto_map"):
            raise TeacherError(
                f"the teacher '{name}' needs code of its own ({_some_of(own)}), which is never "
                f"run here. Load it yourself and {SOFT_LABELS}."
            )
        raise TeacherError(
            f"the teacher '{name}' is of the model type '{kind}' (config.json), which "
            f"Transformers {version} does not know. Install a version that knows it, or "
            f"{SOFT_LABELS}."
        )
    kinds = [str(k) for k in content.get("architectures") or []]
    wanted, rows = (
        ("ForImageClassification", "images") if images else ("ForSequenceClassification", "texts")
    )
    classifies = any(k.endswith(wanted) for k in kinds)
    if not classifies and (images or not kinds or not encodes_texts(content)):
        given = "" if images else "give an encoder, which is tuned here, "
        raise TeacherError(
            f"the teacher '{name}' is {', '.join(kinds) or 'of an unnamed kind'}, not a "
            f"fine-tuned classifier of {rows}. Fine-tune it for the task first, {given}or use "
            "--teacher embedded."
        )
    if content.get("is_encoder_decoder"):
        raise TeacherError(
            f"the teacher '{name}' is {kinds[0]}, an encoder with a decoder: it has no single row "
            f"of layers to learn from. Load it yourself and {SOFT_LABELS}."
        )
    if content.get("problem_type") == "regression":
        raise TeacherError(
            f"the teacher '{name}' predicts numbers, not classes (problem_type 'regression' in "
            "config.json). Use a classifier that was fine-tuned for this task."
        )
    return classifies


def encodes_texts(content: Mapping[str, Any]) -> bool:
    """Whether a network of this config reads a text in both directions, and can classify it."""
    from transformers.models.auto.modeling_auto import (
        MODEL_FOR_MASKED_LM_MAPPING_NAMES,
        MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING_NAMES,
    )

    kind = content.get("model_type")
    return (
        kind in MODEL_FOR_MASKED_LM_MAPPING_NAMES
        and kind in MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING_NAMES
        and not content.get("is_decoder")
    )


def network_folder(folder: Path) -> Path:
    """The folder of the network in a folder of sentence-transformers; any other as it is.

    Those list their parts in modules.json; the first is the network.
    """
    place = folder / "modules.json"
    if (folder / "config.json").exists() or not place.exists():
        return folder
    try:
        parts = json.loads(place.read_text(encoding="utf-8"))
        path = next(part["path"] for part in parts if part["type"].endswith("Transformer"))
        return folder / str(path)
    except (ValueError, LookupError, TypeError, AttributeError, StopIteration) as error:
        raise TeacherError(
            f"{place} names no part of the type Transformer ({type(error).__name__} {error}). Give "
            "the folder that holds the network's config.json."
        ) from None


def output_names(content: Mapping[str, Any], place: Path) -> tuple[str, ...]:
    """The names of the outputs, in order; raises TeacherError where id2label has none."""
    names = content.get("id2label")
    if names is None:  # Transformers' defaults, which configs omit
        count = content.get("num_labels", 2)
        if not isinstance(count, int) or isinstance(count, bool) or count < 1:
            raise TeacherError(
                f"{place}: num_labels is {count!r}; write the number of the teacher's outputs."
            )
        return tuple(f"LABEL_{i}" for i in range(count))
    if not isinstance(names, dict) or not names:
        raise TeacherError(
            f"{place}: id2label is {_short(names)}; write an object with a name for each output, "
            'such as {"0": "negative", "1": "positive"}.'
        )
    if not all(_is_count(key) for key in names):
        raise TeacherError(f"{place}: id2label is {_short(names)}; {_turned(names)}")
    numbered = {int(key): str(value) for key, value in names.items()}
    if missing := sorted(set(range(len(names))) - set(numbered)):
        raise TeacherError(
            f"{place}: id2label names the outputs {', '.join(map(str, sorted(numbered)))}, but "
            f"{missing[0]} is missing. Outputs are counted from 0 without a gap; write them so."
        )
    return tuple(numbered[i] for i in range(len(names)))


def _turned(names: Mapping[str, Any]) -> str:
    """Advice about keys that are no numbers."""
    if all(_is_count(value) for value in names.values()) and len(set(names.values())) == len(names):
        right = {str(v): k for k, v in sorted(names.items(), key=lambda pair: int(pair[1]))}
        return (
            "it is the wrong way round, from names to numbers. Write "
            f'"id2label": {json.dumps(right, ensure_ascii=False)}'
        )
    return 'its keys are the numbers of the outputs, as in {"0": "negative", "1": "positive"}.'


def _is_count(value: object) -> bool:
    return not isinstance(value, bool) and str(value).isdecimal()


def _refuse_pointers(folder: Path) -> None:
    pointers = [
        file.name
        for file in sorted(folder.iterdir())
        if file.is_file()
        and file.stat().st_size <= LONGEST_POINTER
        and file.read_bytes().startswith(POINTER)
    ]
    if pointers:
        raise TeacherError(
            f"the teacher folder {folder} was cloned without its large files: "
            f"{', '.join(pointers)} {'is a pointer' if len(pointers) == 1 else 'are pointers'} of "
            f"Git LFS, not the content. Run: git lfs pull  in {folder}."
        )


def _without_config(folder: Path) -> str:
    if (folder / "adapter_config.json").exists():
        return adapter_alone(folder)
    inside = sorted(p.parent.name for p in folder.glob("*/config.json"))
    if inside:
        return (
            f"the teacher folder {folder} has no config.json, but these folders in it have: "
            f"{', '.join(inside[:6])}. Give one of them, such as {folder / inside[-1]}."
        )
    return (
        f"the teacher folder {folder} has no config.json. Give a folder that save_pretrained wrote."
    )


def adapter_alone(folder: Path) -> str:
    """The message for a folder with an adapter in place of a whole network."""
    return (
        f"the teacher folder {folder} holds an adapter (adapter_config.json), not the whole "
        "network. Load it with peft, merge it with merge_and_unload() and save the result and its "
        "tokenizer with save_pretrained; then give that folder."
    )


def _some_of(own: object) -> str:
    values = own.values() if isinstance(own, dict) else [own]
    return ", ".join(str(v) for v in values)[:120]


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else f"{text[:120]}..."


def cause_of(error: Exception) -> str:
    """The first sentence of another library's error, with its kind where it says little."""
    text = " ".join((str(error).strip().split("\n\n") or [""])[0].split()).removesuffix(".")
    text = text if len(text) <= 300 else f"{text[:300]} ..."
    return text if len(text.split()) > 3 else f"{type(error).__name__} {text}".strip()
