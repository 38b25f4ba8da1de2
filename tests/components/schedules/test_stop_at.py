from autodistill.components.schedules.stop_at import StopAt


def test_the_teacher_is_heard_until_the_share() -> None:
    assert [StopAt(share=0.5).factors(step / 4).logit for step in range(4)] == [1.0, 1.0, 0.0, 0.0]
