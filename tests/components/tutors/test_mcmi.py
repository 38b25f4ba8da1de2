from autodistill.components.tutors.mcmi import MCMI
from autodistill.study.pipeline import Part


def test_the_teacher_is_tuned_on_by_the_loss_of_this_name() -> None:
    (training,) = MCMI(strength=0.3, epochs=2).lessons(Part("cut", {"keep": 0.5}))

    assert training.student.knobs["keep"] == 1.0
    assert not training.pretrained
    assert (training.terms[0].loss.name, training.terms[0].loss.knobs["strength"]) == ("mcmi", 0.3)
    assert training.visits == 8000
