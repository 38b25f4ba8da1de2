"""Baselines: the runs that tell whether distillation helps; every study has them.

None has augmentation or mixup: a recipe's gain over `alone` includes all that it does to student,
data and labels.
"""

from autodistill.study.pipeline import Part, Pipeline, Term

VANILLA = Part("kl", {"temperature": 4.0})
"""One soft term, fixed temperature, weight 0.5 (Hinton 2015, arXiv:1503.02531)."""


def alone(pipeline: Pipeline) -> Pipeline:
    """The same student and optimiser, trained on the labels only."""
    return Pipeline(pipeline.student, (Term(Part("ce"), 1.0),), pipeline.optimizer)


def vanilla(pipeline: Pipeline) -> Pipeline:
    """The same student and optimiser under plain distillation."""
    return Pipeline(
        pipeline.student, (Term(Part("ce"), 0.5), Term(VANILLA, 0.5)), pipeline.optimizer
    )


def baselines_of(pipeline: Pipeline) -> dict[str, Pipeline]:
    """The baselines by kind (`results.BASELINES`).

    `random` is trained like `vanilla`, but on the teacher's predictions for other rows.
    """
    return {"alone": alone(pipeline), "vanilla": vanilla(pipeline), "random": vanilla(pipeline)}
