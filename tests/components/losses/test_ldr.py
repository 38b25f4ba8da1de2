import math

import pytest
import torch
from torch.nn import functional as F

from autodistill.components.losses.ldr import LDR

torch.manual_seed(3)
STUDENT, LABELS = torch.randn(6, 4), torch.tensor([0, 1, 2, 3, 0, 1])


def test_one_row_by_hand() -> None:
    # leads over the label (0, log 2 + log 2): lambda 1 and a margin of log 2 on the rival:
    # log((1 + 4) / 2)
    value = LDR(scale=1.0, margin=math.log(2))(
        torch.tensor([[0.0, math.log(2)]]), torch.tensor([0])
    )

    assert value.item() == pytest.approx(math.log(2.5), rel=1e-6)


def test_at_one_and_zero_it_is_cross_entropy_less_log_classes() -> None:
    torch.testing.assert_close(
        LDR(scale=1.0, margin=0.0)(STUDENT, LABELS), F.cross_entropy(STUDENT, LABELS) - math.log(4)
    )


def test_its_ends_are_the_hardest_rival_and_the_mean_margin() -> None:
    lead = STUDENT - STUDENT.gather(1, LABELS.unsqueeze(1))

    torch.testing.assert_close(
        LDR(scale=1e-3)(STUDENT, LABELS), lead.max(1).values.mean(), rtol=1e-2, atol=5e-3
    )
    torch.testing.assert_close(LDR(scale=1e3)(STUDENT, LABELS), lead.mean(), rtol=1e-2, atol=5e-3)
