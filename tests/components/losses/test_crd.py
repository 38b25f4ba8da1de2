import math

import pytest
import torch

from autodistill.components.losses.crd import CRD, contrast, density_sum


def made(rows: int = 10, negatives: int = 256) -> CRD:
    """With memories of so many rows, whose places in the split are even numbers."""
    torch.manual_seed(0)
    loss = CRD(negatives=negatives, width=64)
    loss.connect(4, 5)
    loss.learn(torch.randn(rows, 5), torch.zeros(rows, dtype=torch.long), 2 * torch.arange(rows))
    return loss


def test_one_negative_by_hand() -> None:
    scores = torch.tensor([[2.0, 1.0]])
    total = density_sum(scores, 4)

    value = contrast(scores, total, 4)

    assert total.item() == pytest.approx(4 * (math.e**2 + math.e) / 2, rel=1e-6)
    right, wrong = (math.e**n / total.item() for n in (2, 1))
    assert value.item() == pytest.approx(
        -math.log(right / (right + 0.25)) - math.log(0.25 / (wrong + 0.25)), rel=1e-4
    )


def test_a_row_moves_half_way_in_its_own_place_and_no_other_row_moves() -> None:
    loss = made()
    before = [m.clone() for m in loss.memories]
    student, teacher = torch.randn(2, 4), torch.randn(2, 5)

    loss(student, teacher, rows=torch.tensor([6, 18]))

    for memory, old, mapped in zip(
        loss.memories, before, (loss.student_map(student), loss.teacher_map(teacher))
    ):
        own = torch.nn.functional.normalize(mapped, dim=1).detach()
        torch.testing.assert_close(
            memory[[3, 9]], torch.nn.functional.normalize(old[[3, 9]] + own, dim=1)
        )
        assert torch.equal(memory[[0, 1, 2, 4, 5, 6, 7, 8]], old[[0, 1, 2, 4, 5, 6, 7, 8]])


def test_training_tells_the_right_row_from_the_others() -> None:
    loss = made(rows=16)
    torch.manual_seed(1)
    student, rows = torch.randn(16, 4), 2 * torch.arange(16)
    teacher = torch.cat([student, student[:, :1]], dim=1)
    optimizer = torch.optim.Adam(loss.parameters(), lr=1e-2)
    values = []
    for _ in range(60):
        value = loss(student, teacher, rows=rows)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        values.append(value.item())

    assert values[-1] < 0.8 * values[0]


def test_what_the_density_sums_to_is_found_once() -> None:
    loss, seen = made(), []
    for _ in range(2):
        loss(torch.randn(4, 4), torch.randn(4, 5), rows=torch.tensor([0, 2, 4, 6]))
        seen.append([s.item() for s in loss.sums])

    assert seen[0] == seen[1]
