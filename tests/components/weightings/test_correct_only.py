import torch

from autodistill.components.weightings.correct_only import CorrectOnly


def test_only_rows_that_the_teacher_gets_right_count() -> None:
    teacher = torch.tensor([[3.0, 1.0], [3.0, 1.0]])

    assert CorrectOnly().weights(torch.zeros(2, 2), teacher, torch.tensor([0, 1])).tolist() == [
        1.0,
        0.0,
    ]
