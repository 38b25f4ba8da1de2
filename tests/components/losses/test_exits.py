import pytest
import torch

from autodistill.components.losses.exits import Exits
from autodistill.components.losses.ofa import OFA


def made(epsilon: float = 1.0) -> Exits:
    """With a head that copies the first three features."""
    loss = Exits(epsilon=epsilon)
    loss.classes = 3
    loss.connect(4, 9)
    with torch.no_grad():
        loss.exit.weight.copy_(torch.eye(3, 4))
        loss.exit.bias.zero_()
    return loss


@pytest.mark.parametrize("epsilon", [1.0, 1.5])
def test_the_head_is_compared_with_the_answer_as_the_logit_loss_would(epsilon: float) -> None:
    torch.manual_seed(0)
    states, logits, labels = torch.randn(5, 4), torch.randn(5, 3), torch.tensor([0, 1, 2, 0, 1])

    value = made(epsilon)(states, torch.zeros(5, 9), labels=labels, logits=logits)

    torch.testing.assert_close(value, OFA(epsilon=epsilon)(states[:, :3], logits, labels))


def test_the_teachers_layer_does_not_matter() -> None:
    torch.manual_seed(0)
    states, logits, labels = torch.randn(5, 4), torch.randn(5, 3), torch.tensor([0, 1, 2, 0, 1])

    values = [
        made()(states, torch.full((5, 9), n), labels=labels, logits=logits) for n in (0.0, 7.0)
    ]

    assert torch.equal(*values)
