import pytest
import torch

from autodistill.components.losses.message import Message


def test_codecs_that_copy_leave_the_distance_of_the_features() -> None:
    loss = Message(width=32)
    loss.connect(32, 32)
    with torch.no_grad():
        for part in (
            loss.student_writes,
            loss.student_reads,
            loss.teacher_writes,
            loss.teacher_reads,
        ):
            part.weight.copy_(torch.eye(32))
            part.bias.zero_()
    torch.manual_seed(0)
    student, teacher = torch.randn(6, 32), torch.randn(6, 32)

    value = loss(student, teacher)

    # the teacher's own message is read without a loss,
    # the other three distances are that of the features
    gap = (student - teacher).square().mean().item()
    assert value.item() == pytest.approx(
        2 * gap + gap / teacher.var(0, unbiased=False).mean().item(), rel=1e-5
    )
    assert loss(teacher, teacher).item() == pytest.approx(0.0, abs=1e-10)


def test_training_makes_messages_that_both_can_read() -> None:
    torch.manual_seed(0)
    loss = Message(width=32)
    loss.connect(4, 6)
    student = torch.randn(32, 4)
    teacher = student @ torch.randn(4, 6)
    optimizer = torch.optim.Adam(loss.parameters(), lr=1e-2)
    values = []
    for _ in range(100):
        value = loss(student, teacher)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        values.append(value.item())

    assert values[-1] < 0.1 * values[0]
