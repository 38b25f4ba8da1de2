import pytest
import torch

from autodistill.components.losses.rkd import by_angle, by_distance


def test_distances_by_hand() -> None:
    # student on a line at 0, 1, 3: distances 1, 3, 2 over 2; teacher even: 1, 1, 1.
    # Differences 1/2, 1/2, 0; Huber x^2 / 2; nine entries
    even = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.5, 0.75**0.5]])

    assert by_distance(torch.tensor([[0.0], [1.0], [3.0]]), even).item() == pytest.approx(
        2 * (0.125 + 0.125) / 9, rel=1e-5
    )


def test_a_right_angle_against_a_straight_one_by_hand() -> None:
    # at each row of the student's line the cosine is 1, -1, 1;
    # of the teacher's even triangle 1/2 each; two orders of each
    even = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.5, 0.75**0.5]])
    line = torch.tensor([[0.0], [1.0], [3.0]])

    assert by_angle(line, even).item() == pytest.approx(2 * (0.125 + 1.0 + 0.125) / 27, rel=1e-5)
