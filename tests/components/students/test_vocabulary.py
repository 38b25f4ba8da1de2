"""Trimmed tokenizers split the training text as before.

Unseen words are split into what is left.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tokenizers import (
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from autodistill.components.students._vocabulary import trim

CORPUS = (
    "the quick brown fox jumps over the lazy dog and runs away",
    "pack my box with five dozen liquor jugs before the evening",
    "how vexingly quick daft zebras jump over the sleeping students",
    "a student learns what the teacher knows, and sometimes a little more!",
    "distillation of networks: the smaller one imitates the larger one",
    "every embedding row that no text uses can be thrown away, unused",
    "sphinx of black quartz, judge my vow; 42 wizards quickly agreed",
    "the teacher's teacher was a larger network with seventeen layers",
)
TEXTS = CORPUS[:3]
"""The training text: the first lines only, so that many tokens are never seen."""
BERT = {
    "pad_token": "[PAD]",
    "unk_token": "[UNK]",
    "cls_token": "[CLS]",
    "sep_token": "[SEP]",
    "mask_token": "[MASK]",
}
ROBERTA = {
    "pad_token": "<pad>",
    "unk_token": "<unk>",
    "mask_token": "<mask>",
    "cls_token": "<s>",
    "sep_token": "</s>",
}
ROBERTA |= {"bos_token": "<s>", "eos_token": "</s>"}
SPECIALS = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
KINDS = ("wordpiece", "bpe", "bpe_template", "unigram")


@dataclass(frozen=True)
class Pair:
    """A tokenizer before and after trimming."""

    full: Any
    trimmed: Any
    keep: NDArray[np.int64]
    folder: Path


def _template(start: str, end: str, made: Tokenizer) -> processors.TemplateProcessing:
    specials = [(start, made.token_to_id(start)), (end, made.token_to_id(end))]
    return processors.TemplateProcessing(
        single=f"{start} $A {end}", pair=f"{start} $A {end} $B:1 {end}:1", special_tokens=specials
    )


def wordpiece() -> tuple[Tokenizer, dict[str, str]]:
    """As in BERT; specials at the end of the vocabulary, so that trimming moves them."""
    made = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    made.normalizer, made.pre_tokenizer = (
        normalizers.BertNormalizer(),
        pre_tokenizers.BertPreTokenizer(),
    )
    made.decoder = decoders.WordPiece()
    made.train_from_iterator(
        CORPUS,
        trainers.WordPieceTrainer(vocab_size=220, special_tokens=["[UNK]"], show_progress=False),
    )
    made.add_special_tokens(["[PAD]", "[CLS]", "[SEP]", "[MASK]"])
    made.post_processor = _template("[CLS]", "[SEP]", made)
    return made, BERT


def bpe() -> tuple[Tokenizer, dict[str, str]]:
    """As in RoBERTa."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer, made.decoder = (
        pre_tokenizers.ByteLevel(add_prefix_space=False),
        decoders.ByteLevel(),
    )
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=420, special_tokens=SPECIALS, initial_alphabet=alphabet, show_progress=False
    )
    made.train_from_iterator(CORPUS, trainer)
    made.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), True, False)
    return made, ROBERTA


def bpe_template() -> tuple[Tokenizer, dict[str, str]]:
    """As in newer models: a template inside a sequence of post-processors.

    Special tokens come after all other tokens.
    """
    made, _ = bpe()
    made.add_special_tokens(["<|begin|>", "<|end|>"])
    made.post_processor = processors.Sequence(
        [processors.ByteLevel(trim_offsets=False), _template("<|begin|>", "<|end|>", made)]
    )
    return made, {"bos_token": "<|begin|>", "eos_token": "<|end|>", "pad_token": "<pad>"}


def unigram() -> tuple[Tokenizer, dict[str, str]]:
    """As in XLM-RoBERTa."""
    made = Tokenizer(models.Unigram())
    made.pre_tokenizer, made.decoder = pre_tokenizers.Metaspace(), decoders.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=140, special_tokens=SPECIALS, unk_token="<unk>", show_progress=False
    )
    made.train_from_iterator(CORPUS, trainer)
    made.post_processor = _template("<s>", "</s>", made)
    return made, ROBERTA


@pytest.fixture(scope="module", params=KINDS)
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """Each kind, trimmed to the ids of TEXTS."""
    made, names = globals()[request.param]()
    source, target = tmp_path_factory.mktemp("full"), tmp_path_factory.mktemp("trimmed")
    PreTrainedTokenizerFast(tokenizer_object=made, model_max_length=32, **names).save_pretrained(
        source
    )
    full = AutoTokenizer.from_pretrained(source)
    used = np.unique(np.concatenate([np.asarray(full(t)["input_ids"]) for t in TEXTS]))
    keep = trim(source, used, target)
    return Pair(full, AutoTokenizer.from_pretrained(target), keep, target)


def test_fewer_tokens_are_kept_each_once_in_the_old_order(pair: Pair) -> None:
    assert len(pair.keep) == len(pair.trimmed) < len(pair.full)
    assert (np.diff(pair.keep) > 0).all()


def test_kept_tokens_have_their_old_texts(pair: Pair) -> None:
    assert pair.trimmed.convert_ids_to_tokens(
        range(len(pair.keep))
    ) == pair.full.convert_ids_to_tokens(pair.keep.tolist())


def test_training_text_is_split_exactly_as_before(pair: Pair) -> None:
    for text in TEXTS:
        assert pair.keep[pair.trimmed(text)["input_ids"]].tolist() == pair.full(text)["input_ids"]


def test_pairs_have_the_same_tokens_specials_and_segments(pair: Pair) -> None:
    options = {"return_token_type_ids": True}

    trimmed, full = (
        pair.trimmed(TEXTS[0], TEXTS[1], **options),
        pair.full(TEXTS[0], TEXTS[1], **options),
    )

    assert pair.keep[trimmed["input_ids"]].tolist() == full["input_ids"]
    assert trimmed["token_type_ids"] == full["token_type_ids"]


def test_cutting_and_padding_work_as_before(pair: Pair) -> None:
    options = {"truncation": True, "max_length": 6, "padding": "max_length"}

    for text in ("the fox", TEXTS[0]):
        trimmed, full = pair.trimmed(text, **options), pair.full(text, **options)
        assert pair.keep[trimmed["input_ids"]].tolist() == full["input_ids"]
        assert trimmed["attention_mask"] == full["attention_mask"]


def test_specials_are_kept_with_their_roles(pair: Pair) -> None:
    assert pair.trimmed.special_tokens_map == pair.full.special_tokens_map
    assert pair.keep[pair.trimmed.all_special_ids].tolist() == pair.full.all_special_ids
    assert pair.trimmed.model_max_length == 32


def test_training_text_is_read_back_as_before(pair: Pair) -> None:
    for text in TEXTS:
        assert pair.trimmed.decode(pair.trimmed(text)["input_ids"]) == pair.full.decode(
            pair.full(text)["input_ids"]
        )


def test_unseen_words_become_pieces_that_were_kept(pair: Pair) -> None:
    text = "teacher distillation seventeen"

    ids = pair.trimmed(text)["input_ids"]

    assert max(ids) < len(pair.keep)
    assert pair.trimmed.unk_token_id is None or pair.trimmed.unk_token_id not in ids
    assert pair.trimmed.decode(ids, skip_special_tokens=True) == text
    assert pair.keep[ids].tolist() != pair.full(text)["input_ids"]


def test_letters_that_nobody_knows_are_unknown_or_bytes(pair: Pair) -> None:
    ids = pair.trimmed("the 日本 fox")["input_ids"]

    known = pair.trimmed.decode(ids, skip_special_tokens=True) == "the 日本 fox"
    assert known or pair.trimmed.unk_token_id in ids


def test_it_survives_being_saved_again(pair: Pair, tmp_path: Path) -> None:
    pair.trimmed.save_pretrained(tmp_path)
    again = AutoTokenizer.from_pretrained(tmp_path)

    assert again.get_vocab() == pair.trimmed.get_vocab()
    assert again(CORPUS[3], TEXTS[1])["input_ids"] == pair.trimmed(CORPUS[3], TEXTS[1])["input_ids"]


def test_a_kind_that_cannot_be_trimmed_is_refused_by_name(tmp_path: Path) -> None:
    from autodistill.components.students._vocabulary import _rewrite

    with pytest.raises(ValueError, match="a tokenizer of kind Runes cannot be trimmed"):
        _rewrite({"model": {"type": "Runes"}, "added_tokens": []}, {})
