from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from autodistill.components.augmentations import _networks, back_translation
from autodistill.components.augmentations.back_translation import BackTranslation
from autodistill.datasets import Rows
from tests.fakes import tiny_tokenizer

ROWS = Rows(("the film was good", "a dull day", ""), None, np.arange(3))


@pytest.fixture(autouse=True)
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two translation models that have learned nothing."""
    import torch
    from transformers import T5Config, T5ForConditionalGeneration

    for name in ("AUTODISTILL_TRANSLATE", "AUTODISTILL_TRANSLATE_BACK"):
        folder = tiny_tokenizer(tmp_path / name)
        torch.manual_seed(0)
        sizes = {
            "vocab_size": 200,
            "d_model": 16,
            "d_kv": 8,
            "d_ff": 32,
            "num_layers": 1,
            "num_heads": 2,
        }
        T5ForConditionalGeneration(
            T5Config(**sizes, pad_token_id=0, eos_token_id=3, decoder_start_token_id=0)
        ).save_pretrained(folder)
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr(back_translation, "MOST_TOKENS", 8)
    yield
    _networks.loaded.cache_clear()


def test_a_text_goes_there_and_back(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str, int]] = []

    def translated(folder: Path, text: str, hypotheses: int) -> list[str]:
        asked.append((folder.name, text, hypotheses))
        return [f"{text} {n}" for n in range(hypotheses)]

    monkeypatch.setattr(back_translation, "_translated", translated)

    view = BackTranslation(views=2).rows(ROWS, 1, 0)

    assert view.first == ("the film was good 0 1", "a dull day 0 1", "")
    assert asked[:2] == [
        ("AUTODISTILL_TRANSLATE", "the film was good", 1),
        ("AUTODISTILL_TRANSLATE_BACK", "the film was good 0", 2),
    ]


def test_a_translation_of_nothing_leaves_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(back_translation, "_translated", lambda *_: [""])

    assert BackTranslation().rows(ROWS, 0, 0).first == ROWS.first


def test_real_networks_say_the_same_every_time() -> None:
    one, same = (BackTranslation(views=2).rows(ROWS, 1, 0).first for _ in range(2))

    assert one == same
    assert all(isinstance(text, str) for text in one)
