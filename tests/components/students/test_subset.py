"""Any of the teacher's layers, by the bits of a number."""

from typing import Any

import pytest
import torch
from transformers import AutoModelForSequenceClassification

from autodistill.components.students import Backbone, Vocabulary
from autodistill.components.students.subset import Subset


@pytest.mark.parametrize(
    ("kept", "layers"), [(1, [0]), (2, [1]), (3, [0, 1]), (7, [0, 1]), (4, [1])]
)
def test_bits_name_layers_and_those_beyond_the_teacher_are_not_read(
    kept: int, layers: list[int], backbone: Backbone, words: dict[str, Vocabulary]
) -> None:
    student: Any = Subset(kept=kept).build(backbone, words["full"])
    teacher = AutoModelForSequenceClassification.from_pretrained(backbone.folder)

    own = [layer.attention.self.query.weight for layer in student.bert.encoder.layer]
    theirs = [teacher.bert.encoder.layer[n].attention.self.query.weight for n in layers]

    assert len(own) == len(theirs)
    assert all(torch.equal(a, b) for a, b in zip(own, theirs))
