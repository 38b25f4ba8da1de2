"""The runs that say whether distillation helps at all: every study has them.

None has augmentation or mixup: what a recipe gains over `alone` is worth all that it does to student, data and labels.
"""

from autodistill.study.pipeline import Part, Pipeline, Term

VANILLA = Part("kl", {"temperature": 4.0})
"""Hinton et al. 2015, arXiv:1503.02531: one soft term, here at a fixed temperature and half of the weight."""


def alone(pipeline: Pipeline) -> Pipeline:
    """The same student and optimiser with the labels as the only teacher."""
    return Pipeline(pipeline.student, (Term(Part("ce"), 1.0),), pipeline.optimizer)


def vanilla(pipeline: Pipeline) -> Pipeline:
    """The same student and optimiser under plain distillation."""
    return Pipeline(
        pipeline.student, (Term(Part("ce"), 0.5), Term(VANILLA, 0.5)), pipeline.optimizer
    )


def baselines_of(pipeline: Pipeline) -> dict[str, Pipeline]:
    """By kind (record.CONTROLS); `random` is trained like `vanilla`, but on the teacher's answers to other rows."""
    return {"alone": alone(pipeline), "vanilla": vanilla(pipeline), "random": vanilla(pipeline)}
