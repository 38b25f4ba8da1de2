import pytest
import torch

from autodistill.components.losses.nd import NormAndDirection


@pytest.mark.parametrize(
    ("student", "expected"),
    [([3.0, 0.0], 0.0), ([1.0, 0.0], 0.5), ([0.0, 2.0], 1.0), ([-2.0, 0.0], 2.0)],
    ids=["long enough", "half as long", "across", "against"],
)  # fmt: skip
def test_along_across_and_against_the_class(student: list[float], expected: float) -> None:
    loss = NormAndDirection()
    loss.learn(
        torch.tensor([[4.0, 1.0], [4.0, -1.0], [0.0, 7.0]]),
        torch.tensor([0, 0, 1]),
        torch.arange(3),
    )

    assert loss(
        torch.tensor([student]), torch.tensor([[0.0, 2.0]]), labels=torch.tensor([0])
    ).item() == pytest.approx(expected)


def test_a_class_that_was_not_seen_has_no_direction() -> None:
    loss = NormAndDirection()
    loss.learn(torch.ones(2, 2), torch.tensor([0, 0]), torch.arange(2))

    assert loss(torch.ones(1, 2), torch.ones(1, 2), labels=torch.tensor([3])).item() == 1.0
