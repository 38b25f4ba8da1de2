"""A teacher's tokenizer, read with distrust, and how many tokens its network takes."""

from pathlib import Path
from typing import Any

from torch import nn

from autodistill.components.students._reader import open_tokenizer, tokenizer_files
from autodistill.components.teachers._config import SOFT_LABELS, cause_of
from autodistill.errors import TeacherError
from autodistill.runtime.quiet import quietly

SETTINGS = ("tokenizer_config.json", "special_tokens_map.json", "added_tokens.json")
"""Files beside a tokenizer, of no use without it."""
TABLES = ("position_embeddings", "wpe", "embed_positions", "position_embedding")
"""Names of tables with a row for each position in Transformers."""


def check_tokenizer(folder: Path, name: str, network: Any) -> None:
    """Raises TeacherError unless the folder holds a tokenizer that fits the network."""
    tokenizer = _opened(folder, name)
    wanted = set(type(tokenizer).vocab_files_names.values())
    if wanted and not any((folder / file).is_file() for file in {*wanted, "tokenizer.json"}):
        raise TeacherError(
            f"the teacher folder {folder} holds no tokenizer: {type(tokenizer).__name__} reads "
            f"{', '.join(sorted(wanted))}, and none of them is there. Save the teacher's tokenizer "
            "there with save_pretrained."
        )
    table = words_of(network)
    vocabulary = tokenizer.get_vocab()
    if table is None or not (extra := sorted(t for t, i in vocabulary.items() if i >= table)):
        return
    some = ", ".join(repr(t) for t in extra[:5]) + (", ..." if len(extra) > 5 else "")
    raise TeacherError(
        f"the tokenizer of the teacher '{name}' has {max(vocabulary.values()) + 1:,} tokens, its "
        f"network {table:,}: {some} would be read beyond its table. Put the tokenizer there that "
        "it was trained with, or resize the network with resize_token_embeddings and fine-tune it."
    )


def words_of(network: Any) -> int | None:
    """Rows of the table of tokens; None for a network without one."""
    try:
        table = network.get_input_embeddings()
    except NotImplementedError:
        return None
    return int(table.num_embeddings) if isinstance(table, nn.Embedding) else None


def positions_of(network: Any) -> int | None:
    """Tokens of the longest text that the network takes; None where it has no such limit."""
    counts = []
    for path, module in network.named_modules():
        if isinstance(module, nn.Embedding) and path.rpartition(".")[2] in TABLES:
            taken = module.padding_idx  # RoBERTa and its like begin to count behind it
            first = getattr(module, "offset", 0) if taken is None else taken + 1
            counts.append(module.num_embeddings - first)
    if not counts:
        return None
    most = getattr(network.config, "max_position_embeddings", None) or counts[0]
    return int(min(*counts, most))


def _opened(folder: Path, name: str) -> Any:
    try:
        with quietly():
            return open_tokenizer(folder)
    except ImportError as error:
        raise TeacherError(
            f"the tokenizer of the teacher '{name}' needs another package: {cause_of(error)}"
        ) from None
    except Exception as error:  # of any library, about files that are not ours
        if "trust_remote_code" in str(error):
            raise TeacherError(
                f"the tokenizer of the teacher '{name}' needs code of its own (auto_map in "
                f"tokenizer_config.json), which is never run here. Load it yourself and "
                f"{SOFT_LABELS}."
            ) from None
        if any(folder.glob("*.model")) and not _reads_models():
            raise TeacherError(
                f"the tokenizer of the teacher '{name}' is a SentencePiece model, which needs "
                "sentencepiece and protobuf. Run: pip install sentencepiece protobuf"
            ) from None
        named = [file.name for file in tokenizer_files(folder) if file.name not in SETTINGS]
        told = (
            f"{', '.join(named)} cannot be read: {cause_of(error)}" if named else "tokenizer.json"
        )
        raise TeacherError(
            f"the teacher folder {folder} holds no tokenizer ({told}). Save the teacher's "
            "tokenizer there with save_pretrained."
        ) from None


def _reads_models() -> bool:
    from transformers.utils import is_protobuf_available, is_sentencepiece_available

    return bool(is_sentencepiece_available() and is_protobuf_available())
