import math

import pytest
import torch
from torch.nn import functional as F

from autodistill.components.losses.pld import PLD

torch.manual_seed(3)
STUDENT, TEACHER, LABELS = torch.randn(6, 4), torch.randn(6, 4), torch.tensor([0, 1, 2, 3, 0, 1])


def test_one_row_by_hand() -> None:
    # the label (last class) comes first although the teacher puts it last:
    # ranking (2, 0, 1), weights (1/8, 1/2, 3/8);
    # an even student draws from three, then from two, then from one
    value = PLD(temperature=1.0)(
        torch.zeros(1, 3), torch.tensor([[4.0, 3.0, 1.0]]).log(), torch.tensor([2])
    )

    assert value.item() == pytest.approx(math.log(3) / 8 + math.log(2) / 2, rel=1e-6)


def test_a_teacher_that_is_certain_of_the_label_gives_cross_entropy() -> None:
    certain = 60.0 * F.one_hot(LABELS, 4).float()

    torch.testing.assert_close(
        PLD(temperature=1.0)(STUDENT, certain, LABELS), F.cross_entropy(STUDENT, LABELS)
    )


def test_constants_added_to_a_row_of_either_network_change_nothing() -> None:
    shift = torch.arange(6.0).unsqueeze(1)

    torch.testing.assert_close(
        PLD()(STUDENT + shift, TEACHER - shift, LABELS), PLD()(STUDENT, TEACHER, LABELS)
    )
