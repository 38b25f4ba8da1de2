"""Students from scratch: their shapes, and heads that do not divide the width."""

from typing import Any

import pytest
import torch

from autodistill.components.students import Backbone, Vocabulary
from autodistill.components.students.scratch import Scratch


def test_the_knobs_are_the_shape(backbone: Backbone, words: dict[str, Vocabulary]) -> None:
    made: Any = Scratch(layers=3, width=64, heads=4, feed_forward=3).build(
        backbone, words["trimmed"]
    )

    assert len(made.bert.encoder.layer) == made.config.num_hidden_layers == 3
    assert made.bert.encoder.layer[0].intermediate.dense.weight.shape == (192, 64)
    assert made.get_input_embeddings().weight.shape == (words["trimmed"].size, 64)
    assert made.classifier.weight.shape == (2, 64)
    assert made.config.pad_token_id == words["trimmed"].pad_id


def test_the_full_vocabulary_has_a_row_for_every_word(
    backbone: Backbone, words: dict[str, Vocabulary]
) -> None:
    made: Any = Scratch(width=64, vocabulary="full").build(backbone, words["full"])

    assert made.get_input_embeddings().num_embeddings == words["full"].size


@pytest.mark.parametrize(
    ("width", "heads", "used"),
    [(64, 12, 8), (128, 12, 8), (256, 12, 8), (312, 8, 8), (192, 12, 12), (64, 4, 4)],
)
def test_heads_that_do_not_divide_the_width_are_reduced_until_they_do(
    backbone: Backbone, words: dict[str, Vocabulary], width: int, heads: int, used: int
) -> None:
    made: Any = Scratch(layers=1, width=width, heads=heads, feed_forward=2).build(
        backbone, words["trimmed"]
    )

    assert made.config.num_attention_heads == used
    assert made(input_ids=torch.tensor([[1, 2]])).logits.shape == (1, 2)


def test_labels_are_the_tasks_and_weights_come_from_torchs_generator(
    backbone: Backbone, words: dict[str, Vocabulary]
) -> None:
    def build(seed: int) -> Any:
        torch.manual_seed(seed)
        return Scratch(layers=1, width=64).build(backbone, words["trimmed"])

    one, same, other = build(0), build(0), build(1)

    assert one.config.id2label == {0: "neg", 1: "pos"}
    torch.testing.assert_close(one.state_dict(), same.state_dict(), rtol=0, atol=0)
    assert not torch.equal(one.classifier.weight, other.classifier.weight)
    assert all(p.requires_grad for p in one.parameters())


def test_three_labels_give_three_outputs(backbone: Backbone, words: dict[str, Vocabulary]) -> None:
    three = Backbone(backbone.folder, ("a", "b", "c"), (), 2, 32)

    made: Any = Scratch(layers=1, width=64).build(three, words["trimmed"])

    assert made.classifier.out_features == 3
    assert made.config.label2id == {"a": 0, "b": 1, "c": 2}
