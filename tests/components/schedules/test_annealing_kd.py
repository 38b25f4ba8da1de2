import pytest

from autodistill.components.schedules.annealing_kd import AnnealingKD


def test_the_teachers_logits_grow_in_equal_steps_and_then_it_is_silent() -> None:
    course = [AnnealingKD(levels=4, share=0.5).factors(step / 16) for step in range(16)]

    # Phi = 1 - (T - 1) / 4 for T = 4, 3, 2, 1, two steps each
    assert [f.teacher for f in course[:8]] == pytest.approx(
        [0.25, 0.25, 0.5, 0.5, 0.75, 0.75, 1.0, 1.0]
    )
    assert [f.logit for f in course] == [1.0] * 8 + [0.0] * 8
