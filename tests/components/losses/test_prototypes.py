import pytest
import torch

from autodistill.components.losses.prototypes import Prototypes


def test_one_prototype_by_hand_and_none_is_the_plain_distance() -> None:
    loss = Prototypes()
    student, teacher = torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, 2.0]])
    plain = loss(student, teacher).item()
    loss.learn(torch.tensor([[3.0, 4.0]]), torch.tensor([0]), torch.tensor([0]))

    assert plain == pytest.approx((1 + 4) / 2)
    assert loss.drawn_out(student).tolist() == [[4.0, 4.0]]
    assert loss(student, teacher).item() == pytest.approx(plain)  # both are drawn out alike


def test_two_prototypes_by_hand() -> None:
    loss = Prototypes(count=8)
    loss.learn(torch.tensor([[1.0, 0.0], [0.0, 1.0]]), torch.tensor([0, 0]), torch.tensor([0, 1]))
    near = torch.tensor([2.0, 0.0]).div(2**0.5).softmax(0)
    order = loss.centres.argmax(1)

    found = loss.drawn_out(torch.tensor([[2.0, 0.0]]))[0]

    assert sorted(order.tolist()) == [0, 1]
    torch.testing.assert_close(found, torch.tensor([2.0 + near[0].item(), near[1].item()]))


def test_centres_are_those_of_the_clusters() -> None:
    torch.manual_seed(0)
    loss = Prototypes(count=8)
    corners = torch.eye(8) * 10
    loss.learn(
        corners.repeat(20, 1) + 0.01 * torch.randn(160, 8),
        torch.zeros(160, dtype=torch.long),
        torch.arange(160),
    )

    apart = torch.cdist(loss.centres.float(), corners).min(1).values

    assert apart.max() < 0.05
