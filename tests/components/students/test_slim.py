"""Students sliced from the teacher: every tensor is a part of one of the teacher's."""

from typing import Any

import numpy as np
import pytest
import torch
from transformers import AutoModelForSequenceClassification

from autodistill.components.students import Backbone, Vocabulary
from autodistill.components.students.slim import Slim


def made(backbone: Backbone, words: Vocabulary, **knobs: Any) -> Any:
    """Without dropout."""
    return Slim(**knobs).build(backbone, words).eval()


@pytest.mark.parametrize("name", ["full", "trimmed"])
def test_every_tensor_is_the_leading_part_of_the_teachers(
    backbone: Backbone, words: dict[str, Vocabulary], name: str
) -> None:
    student = made(backbone, words[name], keep=1.0, width=0.5, vocabulary=name).state_dict()
    teacher = AutoModelForSequenceClassification.from_pretrained(backbone.folder).state_dict()
    keep = words[name].keep

    assert student.keys() == teacher.keys()
    for key, value in student.items():
        source = teacher[key]
        if "word_embeddings" in key and keep is not None:
            source = source[torch.from_numpy(np.load(keep))]
        assert torch.equal(value, source[tuple(slice(n) for n in value.shape)]), key


def test_widths_and_heads_are_cut_together_and_layers_chosen(
    backbone: Backbone, words: dict[str, Vocabulary]
) -> None:
    student = made(backbone, words["full"], keep=0.5, width=0.5, pick="last")
    teacher = AutoModelForSequenceClassification.from_pretrained(backbone.folder)

    assert (
        student.config.hidden_size,
        student.config.num_attention_heads,
        student.config.num_hidden_layers,
    ) == (16, 1, 1)
    own, theirs = (
        net.base_model.encoder.layer[-1].attention.self.query.weight for net in (student, teacher)
    )
    assert torch.equal(own, theirs[:16, :16])


def test_it_answers_and_saves_like_any_other(
    backbone: Backbone, words: dict[str, Vocabulary], tmp_path: Any
) -> None:
    student = made(backbone, words["trimmed"], width=0.75)
    ids = torch.ones((2, 5), dtype=torch.long)

    student.save_pretrained(tmp_path)
    again = AutoModelForSequenceClassification.from_pretrained(tmp_path).eval()

    assert torch.equal(student(input_ids=ids).logits, again(input_ids=ids).logits)
    assert student.config.id2label == {0: "neg", 1: "pos"}
