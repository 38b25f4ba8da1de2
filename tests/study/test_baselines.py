"""The controls of a pipeline."""

from autodistill.study.baselines import baselines_of
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


def test_controls_have_neither_augmentation_nor_mixup() -> None:
    treated = pipeline().with_stages(
        augmentation=Part("random_swap", {"views": 1}), mixup=Part("embedding")
    )

    assert baselines_of(treated) == baselines_of(pipeline())
