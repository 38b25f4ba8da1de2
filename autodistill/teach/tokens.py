"""Texts to token tables, once per tokenizer and rows."""

from pathlib import Path

import numpy as np

from autodistill.arrays import TokenTable
from autodistill.cache import once
from autodistill.students import Vocabulary
from autodistill.students._vocabulary import trim
from autodistill.tasks import Rows
from autodistill.teachers import sha256


def tokenizer_key(folder: Path) -> str:
    """Content hash of a tokenizer."""
    files = [p for n in ("tokenizer.json", "vocab.txt", "spiece.model") if (p := folder / n).exists()]
    return sha256(*files)[:12]


def tokenize(tokenizer: Path, rows: Rows, max_length: int, home: Path) -> Path:
    """The folder of the token table of these rows; texts are cut at `max_length` tokens."""
    folder = home / "tokens" / f"{tokenizer_key(tokenizer)}-{rows.digest}-{max_length}"

    def make(draft: Path) -> None:
        from transformers import AutoTokenizer

        tok = AutoTokenizer.from_pretrained(tokenizer, local_files_only=True)
        second = list(rows.second) if rows.second is not None else None
        options = {"truncation": True, "max_length": max_length, "padding": False, "return_token_type_ids": True}
        coded = tok(list(rows.first), second, return_attention_mask=False, **options)
        types = coded.get("token_type_ids") or [[0] * len(i) for i in coded["input_ids"]]
        TokenTable.make(coded["input_ids"], types, tok.pad_token_id or 0).save(draft)

    once(folder, make)
    return folder


def vocabularies(tokenizer: Path, train: Rows, max_length: int, home: Path) -> dict[str, Vocabulary]:
    """The full vocabulary and the one trimmed to the training text."""
    table = TokenTable.open(tokenize(tokenizer, train, max_length, home))
    folder = home / "vocabularies" / f"{tokenizer_key(tokenizer)}-{train.digest}-{max_length}"

    def make(draft: Path) -> None:
        np.save(draft / "keep.npy", trim(tokenizer, np.unique(table.ids), draft))

    once(folder, make)
    keep = np.load(folder / "keep.npy")
    pad = int(np.flatnonzero(keep == table.pad_id)[0])
    return {
        "full": Vocabulary(tokenizer, None, _full_size(tokenizer), table.pad_id),
        "trimmed": Vocabulary(folder, folder / "keep.npy", len(keep), pad),
    }


def _full_size(folder: Path) -> int:
    from transformers import AutoConfig

    return int(AutoConfig.from_pretrained(folder, local_files_only=True).vocab_size)
