import math

import torch

from autodistill.components.losses._bounds import mi_alpha_bound
from autodistill.components.losses.mi_alpha_tokens import MIAlphaTokens

MASK = torch.tensor([[1, 1, 1, 1], [1, 1, 0, 0]]).repeat(8, 1)


def made(alpha: float = 0.9) -> MIAlphaTokens:
    """With a critic for widths three and five."""
    torch.manual_seed(0)
    loss = MIAlphaTokens(alpha=alpha, encoder_layers=1)
    loss.connect(3, 5)
    return loss


def test_the_value_is_the_bound_of_the_critics_scores() -> None:
    loss = made()
    student, teacher = torch.randn(16, 4, 3), torch.randn(16, 4, 5)
    scores = loss.teacher_tower(teacher, MASK) @ loss.student_tower(student, MASK).T
    mean = (teacher * MASK.unsqueeze(2)).sum(1) / MASK.sum(1, keepdim=True)

    expected = -mi_alpha_bound(scores, loss.baseline(mean).squeeze(-1), 0.9)

    torch.testing.assert_close(loss(student, teacher, mask=MASK), expected)


def test_what_stands_in_padding_does_not_matter() -> None:
    loss = made()
    student, teacher = torch.randn(16, 4, 3), torch.randn(16, 4, 5)
    other = torch.where(MASK.bool().unsqueeze(2), student, 50.0)

    torch.testing.assert_close(loss(other, teacher, mask=MASK), loss(student, teacher, mask=MASK))


def test_training_finds_shared_information_and_never_more_than_the_log_of_the_others() -> None:
    loss = made(alpha=1.0)
    optimizer = torch.optim.Adam(loss.parameters(), lr=3e-3)
    torch.manual_seed(1)
    lowest = 0.0
    for _ in range(60):
        teacher = torch.randn(16, 4, 5)
        value = loss(
            teacher[:, :, :3] + 0.05 * torch.randn(16, 4, 3), teacher, mask=torch.ones_like(MASK)
        )
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        lowest = min(lowest, value.item())

    assert -math.log(15) - 1e-5 <= lowest < -0.3
