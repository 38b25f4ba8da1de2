import torch

from autodistill.components.targets.swap import Swap


def test_the_strongest_and_the_label_change_places() -> None:
    teacher = torch.tensor([[5.0, 1.0, 2.0], [5.0, 1.0, 2.0]])

    assert Swap().revise(teacher, torch.tensor([1, 0])).tolist() == [
        [1.0, 5.0, 2.0],
        [5.0, 1.0, 2.0],
    ]
