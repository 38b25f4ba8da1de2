"""Baselines: the runs that tell whether distillation helps; every study has them.

A recipe's gain over `alone` is what its teacher is worth: both have the same student, the same
rows and views, and as many steps (decisions/0022).
"""

from autodistill.study.pipeline import Part, Pipeline, Term

VANILLA = Part("kl", {"temperature": 4.0})
"""One soft term, fixed temperature, weight 0.5 (Hinton 2015, arXiv:1503.02531)."""
TEACHERLESS = ("augmentation", "mixup", "companion", "post", "regularizer")
"""Stages that work without a teacher, so that a student alone has them, too.

Others change what the teacher says, or choose rows by what it knows of them.
"""


def alone(pipeline: Pipeline) -> Pipeline:
    """The same student, rows, steps and optimiser, trained on the labels only."""
    kept = {slot: part for slot, part in pipeline.stages.items() if slot in TEACHERLESS}
    return Pipeline(pipeline.student, (Term(Part("ce"), 1.0),), pipeline.optimizer, kept)


def is_alone_of(baseline: Pipeline, pipeline: Pipeline) -> bool:
    """Whether a student alone differs from this pipeline by the teacher only.

    Its optimiser may be another one: the best rate without a teacher may be another one.
    """
    like = alone(pipeline)
    return baseline.student == like.student and baseline.stages == like.stages


def vanilla(pipeline: Pipeline) -> Pipeline:
    """The same student and optimiser under plain distillation, without any stage."""
    return Pipeline(
        pipeline.student, (Term(Part("ce"), 0.5), Term(VANILLA, 0.5)), pipeline.optimizer
    )


def baselines_of(pipeline: Pipeline) -> dict[str, Pipeline]:
    """The baselines by kind (`results.BASELINES`).

    `random` is trained like `vanilla`, but on the teacher's predictions for other rows.
    """
    return {"alone": alone(pipeline), "vanilla": vanilla(pipeline), "random": vanilla(pipeline)}
