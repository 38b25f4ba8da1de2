import torch

from autodistill.components.targets.hard_label import HardLabel


def test_nothing_is_left_but_the_first_class() -> None:
    teacher = torch.tensor([[1.0, 1.5, 0.0], [3.0, -1.0, 2.9]])

    found = HardLabel().revise(teacher, torch.tensor([0, 2])).softmax(1)

    torch.testing.assert_close(
        found, torch.tensor([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]), atol=1e-6, rtol=0
    )
