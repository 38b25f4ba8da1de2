import math

import pytest
import torch

from autodistill.losses.affinity import Affinity


def test_three_rows_by_hand() -> None:
    # student: all cosines 0, so both others are as close; teacher: the first two alike, the third across, at temperature 1/2
    value = Affinity(temperature=0.5)(torch.eye(3), torch.tensor([[1.0, 0.0], [3.0, 0.0], [0.0, 1.0]]))

    near = math.exp(2) / (math.exp(2) + 1)
    first = near * math.log(2 * near) + (1 - near) * math.log(2 * (1 - near))
    assert value.item() == pytest.approx(2 * first / 3, rel=1e-5)  # the third row is as far from both


def test_a_rotation_and_a_scale_of_the_student_do_not_matter() -> None:
    torch.manual_seed(0)
    student, teacher = torch.randn(6, 4), torch.randn(6, 3)
    turned = 3.0 * student @ torch.linalg.qr(torch.randn(4, 4)).Q

    torch.testing.assert_close(Affinity()(turned, teacher), Affinity()(student, teacher), rtol=1e-4, atol=1e-6)
