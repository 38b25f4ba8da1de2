"""A network's tokenizer on disk: the files that it is made of, and its loading."""

from pathlib import Path
from typing import Any

KEYED = ("tokenizer.json", "vocab.txt", "spiece.model")
"""The files that a tokenizer was known by before there were others; keys of caches hold them."""
OTHER = ("*.json", "*.txt", "*.model", "*.codes", "*.vocab", "*.bpe", "*.tiktoken")
NO_TOKENIZER = ("config.json", "generation_config.json", "*.index.json", "*metrics.json")


def tokenizer_files(folder: Path) -> tuple[Path, ...]:
    """The files that tell a tokenizer from any other; more than it reads where it has others."""
    if known := [p for n in KEYED if (p := folder / n).exists()]:
        return tuple(known)
    return tuple(
        sorted(
            {p for pattern in OTHER for p in folder.glob(pattern)}
            - {p for pattern in NO_TOKENIZER for p in folder.glob(pattern)}
        )
    )


def open_tokenizer(folder: Path) -> Any:
    """The tokenizer in a folder, as Transformers loads it; code in the folder is not run."""
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)


def pad_of(tokenizer: Any) -> int:
    """The id that short rows are filled up with: its own, else that of the end of a text."""
    ids = (tokenizer.pad_token_id, tokenizer.eos_token_id, 0)
    return next(int(i) for i in ids if i is not None)


def is_fast(tokenizer: Any) -> bool:
    """Whether it is one of the library `tokenizers`, whose vocabulary can be trimmed."""
    return bool(tokenizer.is_fast)
