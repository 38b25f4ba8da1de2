"""Records of surveys with a known truth."""

import numpy as np

from autodistill.study.pipeline import NONE, Part, Pipeline, Term
from autodistill.study.results import StudyResult, Trial
from autodistill.study.study import Study
from tests.records import FACTS


def survey(
    runs: int = 120,
    *,
    mixup: float = 0.0,
    feature: float = 0.0,
    noise: float = 0.01,
    dataset: str = "glue/sst2",
) -> StudyResult:
    """Pipelines at random; mixup and a feature loss are worth so much, everything else is noise."""
    draw, outcomes = np.random.default_rng(0), []
    for number in range(runs):
        mixed, matched = bool(draw.integers(2)), bool(draw.integers(2))
        weight = float(draw.uniform(0.1, 0.9))
        terms = [Term(Part("ce"), 1 - weight), Term(Part("kl", {"temperature": 2.0}), weight)]
        terms += (
            [Term(Part("mse"), 0.5, Part(str(draw.choice(["skip", "last"]))))] if matched else []
        )
        part = Part("embedding", {"alpha": 0.4}) if mixed else NONE
        pipeline = Pipeline(
            Part("cut", {"keep": 0.5}), tuple(terms), Part("adamw", {"lr": 1e-4})
        ).with_stages(mixup=part)
        score = 0.8 + mixup * mixed + feature * matched + noise * float(draw.normal())
        cost = {"params": 1e6, "size_bytes": 4e6, "train_seconds": 3.0, "latency_ms": 2.0 + matched}
        outcomes.append(
            Trial(
                number,
                pipeline,
                0,
                "complete",
                score,
                {"rows": 40, "epochs": 1},
                {"row_error": 0.01},
                cost=cost,
            )
        )
    return StudyResult(Study(dataset, metric="accuracy", survey=True), tuple(outcomes), 60.0, FACTS)
