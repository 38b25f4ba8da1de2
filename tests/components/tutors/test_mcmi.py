from autodistill.components.tutors.mcmi import MCMI
from autodistill.study.pipeline import Part


def test_the_teacher_is_tuned_on_by_the_loss_of_this_name() -> None:
    (lesson,) = MCMI(strength=0.3, epochs=2).lessons(Part("cut", {"keep": 0.5}))

    assert lesson.student.knobs["keep"] == 1.0
    assert not lesson.pretrained
    assert (lesson.terms[0].loss.name, lesson.terms[0].loss.knobs["strength"]) == ("mcmi", 0.3)
    assert lesson.visits == 8000
