"""Trimming a tokenizer to a subset of its tokens.

The subset is, for example, the tokens of the training text. Embeddings dominate a small student.
The trimmed tokenizer splits the training text exactly as the full one does (the greedy or best
split of each word is still available), and splits unseen words into the pieces that were kept.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodistill.components.students._reader import is_fast, open_tokenizer


class Untrimmable(ValueError):
    """A tokenizer whose vocabulary has to stay whole."""


def trim(source: Path, used: NDArray[np.integer[Any]], target: Path) -> NDArray[np.int64]:
    """Write the trimmed tokenizer of `source` to `target`; return the kept ids.

    The result holds full ids in their new order. `used` holds the ids to keep; special tokens and
    single characters are kept as well. Raises Untrimmable for a kind of tokenizer that cannot be
    trimmed.
    """
    from tokenizers import Tokenizer
    from transformers import PreTrainedTokenizerFast

    full = open_tokenizer(source)
    if not is_fast(full):
        raise Untrimmable(
            f"{type(full).__name__} is written in Python and cannot be trimmed; use vocabulary = "
            "'full'."
        )
    data = json.loads(full.backend_tokenizer.to_str())
    vocab: dict[str, int] = full.get_vocab()
    text_of = {i: t for t, i in vocab.items()}
    wanted = (
        {int(i) for i in used} | {t["id"] for t in data["added_tokens"]} | set(full.all_special_ids)
    )
    wanted |= {i for t, i in vocab.items() if len(t.removeprefix("##")) == 1 or t.startswith("<0x")}
    keep = _close(data["model"], vocab, wanted)
    new_id = {text_of[i]: n for n, i in enumerate(keep)}
    _rewrite(data, new_id)
    names = full.special_tokens_map
    made = PreTrainedTokenizerFast(tokenizer_object=Tokenizer.from_str(json.dumps(data)), **names)
    made.model_max_length, made.model_input_names = full.model_max_length, full.model_input_names
    made.truncation_side = full.truncation_side
    made.save_pretrained(target)
    return np.asarray(keep, dtype=np.int64)


def _close(model: dict[str, Any], vocab: dict[str, int], wanted: Iterable[int]) -> list[int]:
    """Add the parts from which kept byte-pair tokens are merged."""
    keep = set(wanted)
    if model["type"] == "BPE":
        parts: dict[str, list[tuple[str, str]]] = {}
        for left, right in map(_pair, model["merges"]):
            parts.setdefault(left + right, []).append((left, right))
        text_of, queue = {i: t for t, i in vocab.items()}, list(keep)
        while queue:
            for left, right in parts.get(text_of[queue.pop()], ()):
                new = {vocab[left], vocab[right]} - keep
                keep |= new
                queue += new
    return sorted(keep)


def _rewrite(data: dict[str, Any], new_id: dict[str, int]) -> None:
    """Renumber a tokenizer description in place."""
    model = data["model"]
    match model["type"]:
        case "WordPiece" | "WordLevel":
            model["vocab"] = {t: n for t, n in new_id.items() if t in model["vocab"]}
        case "BPE":
            model["vocab"] = {t: n for t, n in new_id.items() if t in model["vocab"]}
            model["merges"] = [
                m
                for m in model["merges"]
                if all(p in new_id for p in (*_pair(m), "".join(_pair(m))))
            ]
        case "Unigram":
            unknown = (
                model["vocab"][model["unk_id"]][0] if model.get("unk_id") is not None else None
            )
            model["vocab"] = sorted(
                ((t, s) for t, s in model["vocab"] if t in new_id), key=lambda pair: new_id[pair[0]]
            )
            model["unk_id"] = new_id.get(unknown) if unknown else None
        case other:
            raise Untrimmable(
                f"a tokenizer of kind {other} cannot be trimmed; use vocabulary = 'full'."
            )
    data["truncation"] = data["padding"] = None
    for token in data["added_tokens"]:
        token["id"] = new_id[token["content"]]
    _renumber_specials(data.get("post_processor"), new_id)


def _renumber_specials(node: Any, new_id: dict[str, int]) -> None:
    """Renumber the ids in template post-processors, at any depth."""
    if isinstance(node, list):
        for item in node:
            _renumber_specials(item, new_id)
    elif isinstance(node, dict):
        for special in (node.get("special_tokens") or {}).values():
            special["ids"] = [new_id[t] for t in special["tokens"]]
        for name in ("sep", "cls"):
            if isinstance(node.get(name), list):
                node[name] = [node[name][0], new_id[node[name][0]]]
        _renumber_specials(node.get("processors"), new_id)


def _pair(merge: str | list[str]) -> tuple[str, str]:
    """The two parts of a merge, written as 'a b' or ['a', 'b']."""
    left, right = merge.split(" ", 1) if isinstance(merge, str) else merge
    return left, right
