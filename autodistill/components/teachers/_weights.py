"""A teacher's weights, read with distrust: whole, made for its config, and numbers."""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

import torch

from autodistill.components.students._layers import layer_path
from autodistill.components.students._mapped import mapped_classifier
from autodistill.components.students._networks import classifiers_of, read_config
from autodistill.components.teachers._config import adapter_alone, cause_of
from autodistill.errors import TeacherError
from autodistill.runtime.quiet import quietly

LOADED = (
    "model.safetensors",
    "model.safetensors.index.json",
    "pytorch_model.bin",
    "pytorch_model.bin.index.json",
)
"""The files that Transformers looks for, in its order."""
OLD_BUFFERS = (r"rotary_emb\.inv_freq", r"(^|\.)position_ids$")
"""Names in older files that no network reads any more."""
AGAIN = "Save the teacher again with save_pretrained, or copy the file again."


def open_whole(folder: Path, name: str, *, headless: bool = False) -> Any:
    """The network in a folder, every weight of it from its file; if `headless`, but for its head.

    Raises TeacherError with the cause for a file that is missing, cut or damaged, for weights that
    are not those of the config, and for weights that are not numbers.
    """
    _check_files(folder)
    try:
        with quietly():
            network, missing, unexpected, mismatched = _look(folder)
    except Exception as error:  # of any library, about a folder that is not ours
        raise TeacherError(
            f"the teacher '{name}' cannot be loaded from {folder}: {cause_of(error)}"
        ) from None
    if headless:
        missing = {key for key in missing if not _of_head(network, key) and ".pooler." not in key}
        mismatched = [m for m in mismatched if not _of_head(network, m[0])]
    if mismatched:
        raise TeacherError(f"the teacher '{name}' {_misfit(network, mismatched)}")
    if missing:
        raise TeacherError(f"the teacher '{name}' {_lack(network, missing, unexpected)}")
    if wrong := _unread(network, unexpected):
        raise TeacherError(f"the teacher '{name}' {wrong}")
    bad = [n for n, value in network.named_parameters() if not bool(torch.isfinite(value).all())]
    if bad:
        count = len(list(network.parameters()))
        raise TeacherError(
            f"the teacher '{name}' has weights that are not numbers (NaN or infinite) in "
            f"{len(bad)} of {count} tensors, such as {bad[0]}: its fine-tuning diverged. Use an "
            "earlier checkpoint of it."
        )
    return network


def _look(
    folder: Path,
) -> tuple[Any, Collection[str], Collection[str], Collection[tuple[str, Any, Any]]]:
    """The network; names of weights that the file lacks, that none reads, that do not fit."""
    from safetensors import safe_open

    if (network := mapped_classifier(folder)) is not None:
        with safe_open(folder / "model.safetensors", framework="pt") as file:
            return network, (), set(file.keys()) - network.state_dict().keys(), ()
    network, info = classifiers_of(read_config(folder)).from_pretrained(
        folder,
        dtype=torch.float32,
        local_files_only=True,
        ignore_mismatched_sizes=True,  # to be named below, never to be used
        output_loading_info=True,
    )
    return network, info["missing_keys"], info["unexpected_keys"], info["mismatched_keys"]


def _check_files(folder: Path) -> None:
    first = next((folder / n for n in LOADED if (folder / n).exists()), None)
    if first is None:
        raise TeacherError(_without_weights(folder))
    for part in _parts(first) if first.suffix == ".json" else (first,):
        try:
            _read(part)
        except Exception as error:  # pickles break in every way
            raise TeacherError(
                f"{part} ({part.stat().st_size:,} bytes) is cut or damaged: {cause_of(error)}. "
                + AGAIN
            ) from None


def _read(part: Path) -> None:
    if part.suffix == ".safetensors":
        from safetensors import safe_open

        with safe_open(part, framework="pt") as file:
            file.keys()
    else:
        torch.load(part, map_location="meta", weights_only=True)


def _parts(index: Path) -> list[Path]:
    """The files that an index names; raises TeacherError unless all are there."""
    try:
        names = sorted(set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()))
        parts = [index.parent / str(name) for name in names]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TeacherError(
            f"{index} is no index of weights: {type(error).__name__} {error}. {AGAIN}"
        ) from None
    if missing := [part.name for part in parts if not part.is_file()]:
        raise TeacherError(
            f"{index} names {len(parts)} files of weights, but {_some(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} not there. Copy the whole folder again."
        )
    return parts


def _without_weights(folder: Path) -> str:
    if (folder / "adapter_config.json").exists():
        return adapter_alone(folder)
    others = [
        p.name
        for p in sorted(folder.iterdir())
        if p.suffix in (".safetensors", ".bin", ".h5", ".msgpack", ".gguf", ".pt", ".pth", ".ckpt")
    ]
    held = f" ({_some(others)} is not what Transformers loads)" if others else ""
    return (
        f"the teacher folder {folder} holds no weights (model.safetensors){held}. Save it again "
        "with save_pretrained."
    )


def _misfit(network: Any, mismatched: Collection[tuple[str, Any, Any]]) -> str:
    key, held, wanted = min(mismatched, key=lambda m: (not _of_head(network, m[0]), m[0]))
    if _of_head(network, key) and held[0] != wanted[0] and wanted[0] == network.config.num_labels:
        names = _some([str(n) for n in network.config.id2label.values()])
        return (
            f"has weights for {held[0]} output{'s' * (held[0] != 1)} ({key}), but its config.json "
            f"names {wanted[0]} "
            f"({names}). Put the config.json and the weights of one network together."
        )
    return (
        f"has weights that are not those of its config.json: {key} is {list(held)} in the file, "
        f"{list(wanted)} by the config ({len(mismatched)} such). Put the config.json and the "
        "weights of one network together."
    )


def _lack(network: Any, missing: Collection[str], unexpected: Collection[str]) -> str:
    """The missing weights, and the likely reason."""
    if begins := _prefix(missing, unexpected):
        return (
            f"has weights whose names begin with '{begins}': they were saved from a network that "
            "was wrapped (by DataParallel, torch.compile or a trainer), and would all be drawn at "
            f"random. Save the network inside with save_pretrained, or take '{begins}' off the "
            "names."
        )
    if any("lora_" in key for key in unexpected):
        return (
            "holds an adapter that was not merged (weights named lora_...). Merge it with peft's "
            "merge_and_unload() and save the result with save_pretrained."
        )
    head = {n for n, _ in network.named_parameters() if _of_head(network, n)}
    if head & set(missing) and not any(n.startswith(_path(network)) for n in missing):
        other = f"; the file holds {_some(sorted(unexpected))} instead" if unexpected else ""
        return (
            f"has no head: {_some(sorted(missing))} {_be(missing)} missing from its "
            f"weights{other}. This is the body of a network, not a fine-tuned classifier. "
            "Fine-tune it for the task and save the whole classifier with save_pretrained."
        )
    return (
        f"lacks {len(missing)} of {len(network.state_dict())} weights that its config.json asks "
        f"for, such as {_some(sorted(missing)[:3])}. Put the config.json and the weights of one "
        "network together."
    )


def _unread(network: Any, unexpected: Collection[str]) -> str:
    """Why weights that are not read make another network of it; empty if they do not."""
    known = (*OLD_BUFFERS, *(getattr(network, "_keys_to_ignore_on_load_unexpected", None) or ()))
    left = [key for key in unexpected if not any(re.search(k, key) for k in known)]
    if any("lora_" in key for key in left):
        return _lack(network, (), left)
    path = _path(network)
    inside = sorted(key for key in left if key.startswith(path))
    if not inside:
        return ""
    places = [int(place) for k in inside if (place := k.removeprefix(path).split(".")[0]).isdigit()]
    count = network.config.num_hidden_layers
    if max(places, default=0) >= count:
        return (
            f"has weights of {max(places) + 1} layers, but its config.json says {count} "
            "(num_hidden_layers). Put the config.json and the weights of one network together."
        )
    return (
        f"has weights in its layers that its config.json has no place for ({_some(inside)}): it "
        "would answer as another network. Put the config.json and the weights of one network "
        "together."
    )


def _prefix(missing: Iterable[str], unexpected: Collection[str]) -> str:
    """The prefix before the expected names of most missing weights."""
    wanted = set(missing)
    found = Counter(
        key[: -len(rest)]
        for key in unexpected
        for cut in range(key.count("."))
        if (rest := key.split(".", cut + 1)[-1]) in wanted
    )
    return next((p for p, n in found.most_common(1) if 2 * n > len(wanted)), "")


def _of_head(network: Any, key: str) -> bool:
    return not key.startswith(f"{network.base_model_prefix}.")


def _path(network: Any) -> str:
    """The prefix of the layers' weights; one that no name has, if it is unknown."""
    try:
        return layer_path(network) or f"{network.base_model_prefix}.encoder."
    except ValueError:
        return "\0"


def _be(names: Collection[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:4]) + (f", ... {len(names)} in all" if len(names) > 4 else "")
