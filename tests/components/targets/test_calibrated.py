import math

import pytest
import torch

from autodistill.components.targets.calibrated import Calibrated

LABELS = torch.tensor([0, 0, 0, 1] * 25)
"""Three of four are the first class."""


@pytest.mark.parametrize("fit", ["likelihood", "correctness"])
@pytest.mark.parametrize("size", [0.5, 6.0])
def test_a_teacher_that_always_says_the_same_comes_to_say_how_often_it_is_right(
    fit: str, size: float
) -> None:
    target = Calibrated(fit=fit)
    logits = torch.tensor([[size, 0.0]]).expand(100, 2)

    target.begin(logits, LABELS)

    # three quarters are log 3 on the scale of logits
    assert target.temperature == pytest.approx(size / math.log(3), rel=1e-2)
    assert target.revise(logits, LABELS)[0].softmax(-1)[0].item() == pytest.approx(0.75, abs=1e-3)


def test_the_first_class_stays_first() -> None:
    torch.manual_seed(0)
    logits = torch.randn(100, 2)
    target = Calibrated()
    target.begin(logits, LABELS)

    assert torch.equal(target.revise(logits, LABELS).argmax(-1), logits.argmax(-1))


def test_a_teacher_that_is_always_right_is_sharpened() -> None:
    target = Calibrated()
    target.begin(torch.nn.functional.one_hot(LABELS, 2).float(), LABELS)

    assert target.temperature == pytest.approx(0.25, rel=1e-2)  # the lowest
