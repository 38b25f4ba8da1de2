"""Students with fewer heads."""

from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForSequenceClassification

from autodistill.components.students import Backbone, Vocabulary
from autodistill.components.students.pruned import Pruned, strongest


def made(backbone: Backbone, words: Vocabulary, **knobs: Any) -> Any:
    """Set to predict."""
    return Pruned(keep=1.0, **knobs).build(backbone, words).eval()


def test_a_student_that_lacks_heads_is_the_teacher_whose_other_heads_write_nothing(
    backbone: Backbone, words: dict[str, Vocabulary]
) -> None:
    student = made(backbone, words["full"], heads=0.5)
    teacher = AutoModelForSequenceClassification.from_pretrained(backbone.folder).eval()
    heads, ids = teacher.config.num_attention_heads, torch.arange(8).unsqueeze(0)
    size = teacher.config.hidden_size // heads
    with torch.no_grad():
        for layer in teacher.bert.encoder.layer:
            kept = strongest(layer.attention, max(1, round(0.5 * heads)))
            for head in set(range(heads)) - set(kept.tolist()):
                layer.attention.output.dense.weight[:, head * size : (head + 1) * size] = 0

    torch.testing.assert_close(student(input_ids=ids).logits, teacher(input_ids=ids).logits)
    assert sum(p.numel() for p in student.parameters()) < sum(
        p.numel() for p in teacher.parameters()
    )


def test_the_strongest_head_by_hand(backbone: Backbone) -> None:
    layer = AutoModelForSequenceClassification.from_pretrained(backbone.folder).bert.encoder.layer[
        0
    ]
    with torch.no_grad():
        layer.attention.self.value.weight[:16] *= 0.01

    assert strongest(layer.attention, 1).tolist() == [1]
    assert strongest(layer.attention, 2).tolist() == [0, 1]


def test_it_is_read_back_as_it_was(
    backbone: Backbone, words: dict[str, Vocabulary], tmp_path: Path
) -> None:
    student, ids = made(backbone, words["trimmed"], heads=0.25), torch.arange(6).unsqueeze(0)

    student.save_pretrained(tmp_path)
    again = AutoModelForSequenceClassification.from_pretrained(
        tmp_path, trust_remote_code=True
    ).eval()

    torch.testing.assert_close(student(input_ids=ids).logits, again(input_ids=ids).logits)
    assert student.state_dict().keys() == again.state_dict().keys()
    assert (tmp_path / "pruned.py").is_file()
