from autodistill.components.schedules import Factors
from autodistill.components.schedules.two_stage import TwoStage


def test_features_come_first_and_alone() -> None:
    assert TwoStage(share=0.5).factors(0.49) == Factors(logit=0.0, hard=0.0, feature=1.0)
    assert TwoStage(share=0.5).factors(0.5) == Factors(logit=1.0, hard=1.0, feature=0.0)
