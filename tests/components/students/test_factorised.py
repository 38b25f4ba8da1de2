"""Words of few values under wide layers."""

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForSequenceClassification

from autodistill.components.students import Backbone, Vocabulary, widths_of
from autodistill.components.students._words import leading, teacher_words
from autodistill.components.students.factorised import Factorised


def test_the_table_is_as_narrow_as_asked_and_the_layers_are_not(
    backbone: Backbone, words: dict[str, Vocabulary]
) -> None:
    made: Any = Factorised(layers=2, width=64, rank=64, words="random").build(
        backbone, words["trimmed"]
    )

    out = made(input_ids=torch.tensor([[1, 2, 3]]), output_hidden_states=True)

    assert made.get_input_embeddings().weight.shape == (words["trimmed"].size, 64)
    assert [h.shape[2] for h in out.hidden_states] == list(widths_of(made.config)) == [64, 64, 64]
    wide: Any = Factorised(layers=2, width=256, rank=32, words="random").build(
        backbone, words["trimmed"]
    )
    assert wide.get_input_embeddings().weight.shape == (words["trimmed"].size, 32)
    assert wide.config.hidden_size == 256


def test_inherited_words_are_the_teachers_where_they_vary_most_and_no_wider(
    backbone: Backbone, words: dict[str, Vocabulary]
) -> None:
    made: Any = Factorised(layers=1, width=64, rank=128).build(backbone, words["trimmed"])

    table = made.get_input_embeddings().weight
    assert table.shape == (words["trimmed"].size, 32)  # as wide as the tiny teacher
    torch.testing.assert_close(
        table.detach(), leading(teacher_words(backbone, words["trimmed"]), 32)
    )


def test_padding_is_not_read_and_transformers_opens_what_is_written(
    backbone: Backbone, words: dict[str, Vocabulary], tmp_path: Path
) -> None:
    made: Any = Factorised(layers=1, width=64).build(backbone, words["full"]).eval()
    ids, mask = (
        torch.tensor([[5, 6, 7, 8, 9], [5, 6, 0, 0, 0]]),
        torch.tensor([[1, 1, 1, 1, 1], [1, 1, 0, 0, 0]]),
    )
    made.save_pretrained(tmp_path)

    again = AutoModelForSequenceClassification.from_pretrained(tmp_path).eval()

    logits = made(input_ids=ids, attention_mask=mask).logits
    assert torch.equal(again(input_ids=ids, attention_mask=mask).logits, logits)
    torch.testing.assert_close(made(input_ids=ids[1:, :2]).logits[0], logits[1])
    assert list(tmp_path.glob("*.py")) == []


@pytest.mark.parametrize(("width", "heads", "used"), [(64, 12, 8), (312, 8, 8)])
def test_heads_divide_the_width(
    backbone: Backbone, words: dict[str, Vocabulary], width: int, heads: int, used: int
) -> None:
    made: Any = Factorised(layers=1, width=width, heads=heads).build(backbone, words["trimmed"])

    assert made.config.num_attention_heads == used
