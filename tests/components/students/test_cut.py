"""Students cut from the teacher: which layers, and that nothing else changes."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    GPT2Config,
    GPT2ForSequenceClassification,
)

from autodistill.components.students import Backbone, Vocabulary, layer_list, use_labels
from autodistill.components.students.cut import Cut, kept_layers

from .conftest import TEXTS

Words = dict[str, Vocabulary]


@torch.inference_mode()
def predict(network: Any, tokenizer: Path) -> Tensor:
    """Logits (texts, classes) of TEXTS."""
    coded = AutoTokenizer.from_pretrained(tokenizer)(list(TEXTS), padding=True, return_tensors="pt")
    logits: Tensor = network.eval()(**coded).logits
    return logits


@pytest.fixture(scope="module")
def expected(teacher: Path) -> Tensor:
    """The teacher's answer to TEXTS."""
    return predict(AutoModelForSequenceClassification.from_pretrained(teacher), teacher)


@pytest.mark.parametrize(
    ("total", "share", "pick", "kept"),
    [
        (6, 0.5, "uniform", (0, 2, 4)),
        (6, 0.5, "ends", (0, 2, 5)),
        (6, 0.5, "first", (0, 1, 2)),
        (6, 0.5, "last", (3, 4, 5)),
        (6, 0.34, "uniform", (0, 3)),
        (6, 0.34, "ends", (0, 5)),
        (6, 0.34, "first", (0, 1)),
        (6, 0.34, "last", (4, 5)),
        (12, 0.34, "uniform", (0, 3, 6, 9)),
        (12, 0.34, "ends", (0, 3, 7, 11)),
        (12, 0.34, "first", (0, 1, 2, 3)),
        (12, 0.34, "last", (8, 9, 10, 11)),
        (6, 0.17, "uniform", (0,)),
        (6, 0.17, "ends", (5,)),
        (6, 0.17, "first", (0,)),
        (6, 0.17, "last", (5,)),
        (2, 0.17, "uniform", (0,)),
        (6, 1.0, "uniform", (0, 1, 2, 3, 4, 5)),
        (6, 1.0, "ends", (0, 1, 2, 3, 4, 5)),
    ],
)
def test_kept_layers_by_hand(total: int, share: float, pick: str, kept: tuple[int, ...]) -> None:
    assert kept_layers(total, share, pick) == kept


def test_all_layers_and_all_words_predict_exactly_like_the_teacher(
    backbone: Backbone, words: Words, expected: Tensor
) -> None:
    student = Cut(keep=1.0, vocabulary="full").build(backbone, words["full"])

    torch.testing.assert_close(predict(student, words["full"].folder), expected, rtol=0, atol=0)


def test_a_trimmed_vocabulary_predicts_exactly_like_the_full_one(
    backbone: Backbone, words: Words, expected: Tensor
) -> None:
    student: Any = Cut(keep=1.0).build(backbone, words["trimmed"])

    assert (
        student.config.vocab_size
        == student.get_input_embeddings().num_embeddings
        == words["trimmed"].size
        < words["full"].size
    )
    torch.testing.assert_close(predict(student, words["trimmed"].folder), expected, rtol=0, atol=0)


def test_half_the_layers_are_the_ones_that_were_picked(backbone: Backbone, words: Words) -> None:
    teacher: Any = AutoModelForSequenceClassification.from_pretrained(backbone.folder)
    for pick, place in (("first", 0), ("last", 1)):
        student: Any = Cut(keep=0.5, pick=pick).build(backbone, words["trimmed"])

        (kept,) = getattr(*layer_list(student))
        for name, value in kept.state_dict().items():
            torch.testing.assert_close(
                value, teacher.bert.encoder.layer[place].state_dict()[name], rtol=0, atol=0
            )
        assert student.config.num_hidden_layers == 1


def test_a_cut_student_survives_the_disk(backbone: Backbone, words: Words, tmp_path: Path) -> None:
    student: Any = Cut(keep=0.5).build(backbone, words["trimmed"])
    student.save_pretrained(tmp_path)

    back = AutoModelForSequenceClassification.from_pretrained(tmp_path)

    torch.testing.assert_close(
        predict(back, words["trimmed"].folder),
        predict(student, words["trimmed"].folder),
        rtol=0,
        atol=0,
    )


def test_the_head_is_put_into_the_order_of_the_task(
    backbone: Backbone, words: Words, expected: Tensor
) -> None:
    turned = replace(backbone, label_names=("pos", "neg"), order=(1, 0))

    student: Any = Cut(keep=1.0, vocabulary="full").build(turned, words["full"])

    torch.testing.assert_close(
        predict(student, words["full"].folder), expected[:, [1, 0]], rtol=0, atol=0
    )
    assert student.config.id2label == {0: "pos", 1: "neg"}
    assert student.config.label2id == {"pos": 0, "neg": 1}


def test_a_head_without_bias_is_put_in_order_too() -> None:
    torch.manual_seed(0)
    sizes = {
        "vocab_size": 11,
        "n_embd": 8,
        "n_layer": 1,
        "n_head": 2,
        "n_positions": 8,
        "num_labels": 3,
    }
    network: Any = GPT2ForSequenceClassification(
        GPT2Config(bos_token_id=0, eos_token_id=0, **sizes)
    )
    before = network.score.weight.detach().clone()

    use_labels(network, ("a", "b", "c"), (2, 0, 1))

    torch.testing.assert_close(network.score.weight.detach(), before[[2, 0, 1]], rtol=0, atol=0)


@pytest.mark.parametrize(("embeddings", "trained"), [("frozen", False), ("trained", True)])
def test_word_embeddings_are_frozen_when_wanted_and_nothing_else(
    backbone: Backbone, words: Words, embeddings: str, trained: bool
) -> None:
    student: Any = Cut(embeddings=embeddings).build(backbone, words["trimmed"])

    still = [n for n, p in student.named_parameters() if not p.requires_grad]
    assert still == ([] if trained else ["bert.embeddings.word_embeddings.weight"])


def test_the_padding_row_is_the_teachers(backbone: Backbone, words: Words) -> None:
    student: Any = Cut().build(backbone, words["trimmed"])
    teacher: Any = AutoModelForSequenceClassification.from_pretrained(backbone.folder)
    keep = words["trimmed"].keep
    assert keep is not None

    rows = student.get_input_embeddings().weight.detach()

    assert student.config.pad_token_id == words["trimmed"].pad_id
    torch.testing.assert_close(
        rows, teacher.get_input_embeddings().weight.detach()[np.load(keep)], rtol=0, atol=0
    )


def test_weights_lie_in_aligned_memory_of_their_own(
    backbone: Backbone, words: dict[str, Vocabulary]
) -> None:
    network = Cut(keep=0.5).build(backbone, words["trimmed"])

    assert {tensor.data_ptr() % 64 for tensor in network.parameters()} == {0}


def test_dropout_is_what_the_knob_says_and_only_in_training(
    backbone: Backbone, words: Words
) -> None:
    ids = torch.tensor([[2, 7, 9, 3]])
    torch.manual_seed(0)
    for rate, same in ((0.0, True), (0.1, False)):
        student: Any = Cut(dropout=rate).build(backbone, words["trimmed"])
        assert student.training
        with torch.no_grad():
            assert torch.equal(student(ids).logits, student(ids).logits) is same
            student.eval()
            assert torch.equal(student(ids).logits, student(ids).logits)
