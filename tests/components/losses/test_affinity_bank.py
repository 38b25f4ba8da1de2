import math

import pytest
import torch

from autodistill.components.losses.affinity_bank import AffinityBank, by_bank


def test_two_anchors_by_hand() -> None:
    student, teacher, bank = torch.tensor([[2.0, 0.0]]), torch.tensor([[0.0, 3.0]]), torch.eye(2)

    value = by_bank(student, teacher, bank, bank, 1.0, both=False)

    p = math.e / (1 + math.e)  # the teacher is near the second, the student near the first
    assert value.item() == pytest.approx(
        p - (1 - p), rel=1e-5
    )  # (2p - 1) log(p / (1 - p)), and the logarithm is 1


def test_the_bank_keeps_the_last_rows_of_both_networks() -> None:
    loss, labels = AffinityBank(size=64), torch.zeros(40, dtype=torch.long)
    batches = [torch.full((40, 3), float(n)) for n in (1, 2)]

    for rows in batches:
        loss(rows, rows + 10, labels=labels)

    student, teacher = loss.banks
    assert student.shape == teacher.shape == (64, 3)
    assert student[:, 0].tolist() == [2.0] * 40 + [1.0] * 24
    assert torch.equal(teacher, student + 10)


def test_prototypes_are_running_means_of_the_classes() -> None:
    loss = AffinityBank(against="prototypes")
    first, labels = torch.tensor([[1.0, 0.0], [3.0, 0.0], [0.0, 5.0]]), torch.tensor([0, 0, 1])

    loss(first, first, labels=labels)
    loss(first[:2] + 10, first[:2] + 10, labels=labels[:2])

    # means 2 and 5 at first; a tenth of the way to 12, twice in the first batch where nothing moves
    torch.testing.assert_close(loss.banks[0], torch.tensor([[2 + 0.1 * 10, 1.0], [0.0, 5.0]]))


def test_equal_affinities_cost_nothing_whatever_the_widths() -> None:
    torch.manual_seed(0)
    loss, student = AffinityBank(), torch.randn(6, 4)
    teacher = torch.cat([2 * student, torch.zeros(6, 2)], dim=1)

    assert loss(student, teacher, labels=torch.zeros(6, dtype=torch.long)).item() == pytest.approx(
        0.0, abs=1e-6
    )
