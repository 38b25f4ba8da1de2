"""Settings by which Transformers 4.46 and later read a folder that version 5 has written.

Version 5 names tokenizer classes that 4 does not know, and leaves out what it derives from others.
What is written here is understood by both.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autodistill.runtime import files

ANY_FAST = "PreTrainedTokenizerFast"
"""The class that reads tokenizer.json as it is, in every version."""
HERE_ALONE = ("backend", "is_local", "local_files_only", "name_or_path")
"""Settings of version 5 that say how this process opened the tokenizer."""


def write_tokenizer_settings(folder: Path, inputs: tuple[str, ...], *, fast: bool) -> None:
    """Make tokenizer_config.json one that every version reads; `inputs`: those of the network."""
    with _edited(folder / "tokenizer_config.json") as said:
        for name in HERE_ALONE:
            said.pop(name, None)
        if isinstance(more := said.get("extra_special_tokens"), list):  # a mapping for version 4
            del said["extra_special_tokens"]
            if more:
                said["additional_special_tokens"] = more
        if fast:
            said["tokenizer_class"] = ANY_FAST
        said |= {"model_input_names": list(inputs), "padding_side": "right"}
        kind = said["tokenizer_class"]
    with _edited(folder / "config.json") as said:
        if "auto_map" in said:  # 4.46 opens no tokenizer for an unknown network without it
            said["tokenizer_class"] = kind


def write_lengths(folder: Path, tokenizer: Any, max_length: int) -> None:
    """Store truncation and padding in tokenizer.json, for whoever reads it without Transformers.

    Transformers goes by the arguments of a call instead.
    """
    from tokenizers import Tokenizer

    path = folder / "tokenizer.json"
    made: Any = Tokenizer.from_str(path.read_text(encoding="utf-8"))
    made.enable_truncation(max_length, direction=tokenizer.truncation_side)
    made.enable_padding(pad_id=tokenizer.pad_token_id, pad_token=tokenizer.pad_token)
    files.write_text(path, made.to_str(pretty=True) + "\n")


def write_config(folder: Path) -> None:
    """Add to config.json the keys by which version 4 knew what version 5 names otherwise."""
    with _edited(folder / "config.json") as said:
        known = {**_rotary(said.get("rope_parameters")), **_attention(said)}
        said |= {name: value for name, value in known.items() if name not in said}


def needs_version_5(folder: Path) -> bool:
    """Whether the network's order of attention layers is one that version 4 cannot express."""
    said = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return said.get("model_type") == "modernbert" and "global_attn_every_n_layers" not in said


def _rotary(said: Any) -> dict[str, Any]:
    """The base of rotary positions: one, or one for each kind of layer."""
    if not isinstance(said, dict):
        return {}
    if "rope_theta" in said:
        return {"rope_theta": said["rope_theta"]}
    names = {"full_attention": "global_rope_theta", "sliding_attention": "local_rope_theta"}
    return {
        names[kind]: each["rope_theta"]
        for kind, each in said.items()
        if kind in names and isinstance(each, dict) and "rope_theta" in each
    }


def _attention(said: dict[str, Any]) -> dict[str, int]:
    """Every how many layers ModernBERT sees the whole text, from the first one on."""
    kinds = said.get("layer_types") or []
    if said.get("model_type") != "modernbert" or not kinds:
        return {}
    whole = [kind == "full_attention" for kind in kinds]
    for every in range(1, len(kinds) + 1):
        if whole == [not layer % every for layer in range(len(kinds))]:
            return {"global_attn_every_n_layers": every}
    return {}


@contextmanager
def _edited(path: Path) -> Iterator[dict[str, Any]]:
    said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    yield said
    files.write_text(path, json.dumps(said, indent=2, sort_keys=True) + "\n")
