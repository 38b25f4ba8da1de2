from pathlib import Path

import numpy as np
import pytest
import torch

from autodistill.components.targets.swing import Swing
from autodistill.datasets import Rows
from autodistill.datasets._personal import personal_share
from autodistill.study import spaces
from autodistill.study.pipeline import Part, Pipeline
from autodistill.study.rules import Conditions
from autodistill.training.batches import Batch
from autodistill.training.guidance import Guidance
from tests.records import pipeline

LOGITS, LABELS = torch.tensor([[3.0, 0.0], [3.0, 0.0]]), torch.tensor([0, 1])


def test_a_row_is_softened_by_its_share_of_personal_words() -> None:
    found = Swing(kappa=2.0).revise(LOGITS, LABELS, torch.tensor([0.0, 0.25]))

    assert found.tolist() == [[3.0, 0.0], [2.0, 0.0]]


def test_a_share_of_nothing_is_plain_distillation_and_more_is_less_sure() -> None:
    swing = Swing(kappa=8.0)

    assert torch.equal(swing.revise(LOGITS, LABELS, torch.zeros(2)), LOGITS)
    assert torch.equal(swing.revise(LOGITS, LABELS), LOGITS)
    sure = [
        swing.revise(LOGITS, LABELS, torch.full((2,), share)).softmax(-1).max().item()
        for share in (0.0, 0.3, 1.0)
    ]
    assert sure == sorted(sure, reverse=True)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("a gripping story", 0.0),
        ("write to jane.doe@mail.example today", 0.25),
        ("call 555-123-4567 now", 1 / 3),
        ("thanks to Jane Doe for this", 1 / 3),
        ("It was the best of 2024 films", 0.0),
        ("see https://example.org/a and @handle", 0.5),
        ("", 0.0),
    ],
)
def test_what_looks_personal(text: str, share: float) -> None:
    assert personal_share(
        Rows((text,), None, np.zeros(1, dtype=np.int64))
    ).tolist() == pytest.approx([share])


def test_no_search_chooses_it_for_none_measures_privacy(tmp_path: Path) -> None:
    assert (
        spaces.space("everything")
        .fit(Conditions())
        .removed["target.swing"]
        .startswith("it gives up score for privacy")
    )


def test_a_recipe_may_ask_for_it() -> None:
    made: Pipeline = pipeline().with_stages(target=Part("swing", {"kappa": 2.0}))
    batch = Batch(LABELS, LABELS, LABELS, LABELS, LOGITS, {}, personal=torch.tensor([0.0, 0.25]))
    guidance = Guidance.of(made)

    revised = guidance.revised(batch, guidance.factors(0.0))

    assert revised.teacher_logits is not None
    assert revised.teacher_logits.tolist() == [[3.0, 0.0], [2.0, 0.0]]
