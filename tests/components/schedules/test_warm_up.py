import pytest

from autodistill.components.schedules.warm_up import WarmUp


def test_the_weight_grows_until_the_share_and_stays() -> None:
    course = [WarmUp(share=0.2).factors(step / 10) for step in range(5)]

    assert [f.logit for f in course] == pytest.approx([0.0, 0.5, 1.0, 1.0, 1.0])
    assert [f.feature for f in course] == [f.logit for f in course]
