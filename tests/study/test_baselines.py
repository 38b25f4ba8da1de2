"""The controls of a pipeline."""

from autodistill.study.baselines import alone, baselines_of, is_alone_of
from autodistill.study.pipeline import Part
from autodistill.study.results import BASELINES
from tests.records import pipeline


def test_controls_keep_student_and_optimiser_and_change_what_is_taught() -> None:
    made = pipeline(2.0)
    found = baselines_of(made)

    assert found.keys() == BASELINES.keys()
    assert {(str(c.student), str(c.optimizer)) for c in found.values()} == {
        (str(made.student), str(made.optimizer))
    }
    assert [str(t.loss) for t in found["alone"].terms] == ["ce"]
    assert [(t.loss.name, t.weight) for t in found["vanilla"].terms] == [("ce", 0.5), ("kl", 0.5)]
    assert found["vanilla"].terms[1].loss.knobs == {"temperature": 4.0}
    assert found["random"] == found["vanilla"]


def test_the_student_alone_keeps_views_and_mixup_and_plain_distillation_has_neither() -> None:
    stages = {"augmentation": Part("random_swap", {"views": 1}), "mixup": Part("embedding")}
    treated = baselines_of(pipeline().with_stages(**stages))

    assert treated["alone"].stages == stages
    assert treated["vanilla"] == treated["random"] == baselines_of(pipeline())["vanilla"]


def test_the_student_alone_loses_what_only_a_teacher_gives() -> None:
    taught = pipeline().with_stages(
        target=Part("label_revision"), schedule=Part("anneal"), sampling=Part("correct")
    )

    assert alone(taught) == alone(pipeline())


def test_a_student_alone_is_that_of_a_recipe_with_the_same_views() -> None:
    once, twice = (
        pipeline().with_stages(augmentation=Part("random_swap", {"views": n})) for n in (1, 2)
    )

    assert is_alone_of(alone(once), once)
    assert not is_alone_of(alone(twice), once)
    assert not is_alone_of(alone(pipeline()), once)
