"""Token tables from texts, once per tokenizer and rows; pixel tables from images."""

import hashlib
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodistill.components.students import Vocabulary
from autodistill.components.students._networks import read_config
from autodistill.components.students._reader import open_tokenizer, pad_of, tokenizer_files
from autodistill.components.students._vocabulary import Untrimmable, trim
from autodistill.components.teachers import sha256
from autodistill.datasets import Rows
from autodistill.datasets._tables import TokenTable
from autodistill.prepare.pixels import looks, pixels
from autodistill.runtime import arrays
from autodistill.runtime.cache import once

CHARACTERS = 400
"""Characters for each token that is kept, from which on a text is very long."""
COVERED = 0.99
"""Share of new text's tokens in a covering vocabulary; others split into pieces."""


def tokenizer_key(folder: Path) -> str:
    """Content hash of a tokenizer."""
    return sha256(*tokenizer_files(folder))[:12]


def tokenize(
    tokenizer: Path, rows: Rows, max_length: int, home: Path, longest: int | None = None
) -> Path:
    """The folder of these rows' token table, or of the pixel table of images.

    Texts are truncated to `max_length` tokens; where that leaves one of more than `longest`, which
    the teacher cannot take, all are truncated to that.
    """
    if rows.images is not None:
        return pixels(tokenizer, rows, home)
    folder = _table(tokenizer, rows, max_length, home)
    if longest is None or TokenTable.open(folder).lengths.max() <= longest:
        return folder
    return _table(tokenizer, rows, longest, home)


def _table(tokenizer: Path, rows: Rows, max_length: int, home: Path) -> Path:
    folder = home / "tokens" / f"{tokenizer_key(tokenizer)}-{rows.digest}-{max_length}"

    once(
        folder,
        lambda draft: token_table(open_tokenizer(tokenizer), rows, max_length).save(draft),
    )
    return folder


def token_table(tok: Any, rows: Rows, max_length: int) -> TokenTable:
    """The tokens of these texts, truncated to `max_length`."""
    pad = pad_of(tok)
    coded, given = _encode(tok, rows, max_length)
    ids = [row or [pad] for row in coded]  # not all tokenizers add special tokens
    types = [t if len(t) == len(i) else [0] * len(i) for t, i in zip(given, ids)]
    return TokenTable.make(ids, types, pad)


def _encode(tok: Any, rows: Rows, max_length: int) -> tuple[list[list[int]], list[list[int]]]:
    """Ids and types of each row.

    Of a very long text only the beginning is read where it fills the tokens: a tokenizer takes
    seconds for a million characters.
    """

    def encode(first: list[str], second: list[str] | None) -> tuple[Any, Any]:
        coded = tok(
            first,
            second,
            return_attention_mask=False,
            truncation=True,
            max_length=max_length,
            padding=False,
            return_token_type_ids=True,
        )
        ids = coded["input_ids"]
        return ids, coded.get("token_type_ids") or [[] for _ in ids]

    if rows.second is not None or getattr(tok, "truncation_side", "right") != "right":
        second = None if rows.second is None else list(rows.second)
        return encode(list(rows.first), second)
    most = max_length * CHARACTERS
    ids, types = encode([text[:most] for text in rows.first], None)
    for place, text in enumerate(rows.first):
        if len(text) > most and len(ids[place]) < max_length:
            (ids[place],), (types[place],) = encode([text], None)
    return ids, types


def vocabularies(
    tokenizer: Path,
    rows: Rows,
    max_length: int,
    home: Path,
    longest: int | None = None,
    *,
    held_out: int = 0,
    pool: int = 0,
) -> dict[str, Vocabulary]:
    """Vocabularies that a student may read with, by name.

    The last rows but `pool` ones, `held_out` of them, stand for text that is not trained on.

    full      all tokens
    trimmed   the tokens used in the other rows
    covering  those, and the tokenizer's first ones until `COVERED` of the held-out tokens are
              included; common tokens come first

    A tokenizer that cannot be trimmed, one written in Python for example, is full in all of them.
    For images see prepare.pixels.looks.
    """
    new = slice(len(rows) - pool - held_out, len(rows) - pool)
    if rows.images is not None:
        return looks(tokenizer, rows.take(np.delete(np.arange(len(rows)), new)), home)
    table = TokenTable.open(tokenize(tokenizer, rows, max_length, home, longest))
    begin, end = table.offsets[new.start], table.offsets[new.stop]
    used = np.union1d(table.ids[:begin], table.ids[end:])
    kept = {"trimmed": used, "covering": covering(used, table.ids[begin:end])}
    full = Vocabulary(tokenizer, None, _full_size(tokenizer), table.pad_id, longest)
    try:
        return {"full": full} | {
            name: replace(_trimmed(tokenizer, ids, table.pad_id, home), longest=longest)
            for name, ids in kept.items()
        }
    except Untrimmable:
        return {"full": full} | dict.fromkeys(kept, full)


def covering(used: NDArray[np.int32], held_out: NDArray[np.int32]) -> NDArray[np.int32]:
    """`used`, and the first further ids until COVERED of the held-out are included."""
    missing = np.sort(held_out[~np.isin(held_out, used)])
    more = len(missing) - math.floor((1 - COVERED) * len(held_out))
    return (
        used if more <= 0 else np.union1d(used, np.arange(missing[more - 1] + 1, dtype=used.dtype))
    )


def _trimmed(tokenizer: Path, ids: NDArray[np.int32], pad_id: int, home: Path) -> Vocabulary:
    """The tokenizer with these ids and the ones that it requires."""
    folder = (
        home
        / "vocabularies"
        / f"{tokenizer_key(tokenizer)}-{hashlib.sha256(ids.tobytes()).hexdigest()[:16]}"
    )
    kept = np.union1d(ids, [pad_id])
    once(folder, lambda draft: arrays.save(draft / "keep.npy", trim(tokenizer, kept, draft)))
    keep = np.load(folder / "keep.npy")
    return Vocabulary(
        folder, folder / "keep.npy", len(keep), int(np.flatnonzero(keep == pad_id)[0])
    )


def _full_size(folder: Path) -> int:
    return int(getattr(read_config(folder), "vocab_size", 0))  # some read characters, not words
