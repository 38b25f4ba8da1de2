from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from autodistill.components.augmentations import _networks, contextual
from autodistill.components.augmentations.contextual import Contextual
from autodistill.datasets import Rows
from tests.fakes import sentences, tiny_tokenizer

TEXTS = tuple(text for text, _ in sentences(12, seed=7))
ROWS = Rows(TEXTS, None, np.arange(12))


@pytest.fixture(autouse=True)
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A masked language model that has learned nothing."""
    import torch
    from transformers import BertConfig, BertForMaskedLM

    folder = tiny_tokenizer(tmp_path / "mlm")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=200,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
    )
    BertForMaskedLM(config).save_pretrained(folder)
    monkeypatch.setenv("AUTODISTILL_MASKED_LM", str(folder))
    yield
    _networks.loaded.cache_clear()
    contextual._whole_words.cache_clear()


def test_so_many_words_are_replaced_by_other_whole_words() -> None:
    view = Contextual(rate=0.3).rows(ROWS, 0, 0)

    for old, new in zip(TEXTS, view.first):
        pairs = [(a, b) for a, b in zip(old.split(), new.split(), strict=True) if a != b]
        assert len(pairs) == max(1, round(0.3 * len(old.split())))
        assert all(b.isalpha() for _, b in pairs)


def test_a_view_is_the_same_every_time_and_another_for_another_number() -> None:
    one, same, other = (Contextual(rate=0.3).rows(ROWS, view, 0).first for view in (0, 0, 1))

    assert one == same != other


def test_a_text_of_one_word_or_none_stays() -> None:
    assert Contextual().rows(Rows(("word", ""), None, np.arange(2)), 0, 0).first == ("word", "")


def test_a_text_longer_than_the_model_reads_keeps_its_end() -> None:
    words = ["film"] * 700

    found = (
        Contextual(rate=0.1)
        .rows(Rows((" ".join(words),), None, np.arange(1)), 0, 0)
        .first[0]
        .split()
    )

    assert len(found) == 700
    assert 0 < sum(a != b for a, b in zip(found, words)) < 70
    assert found[600:] == words[600:]
