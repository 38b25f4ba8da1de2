from autodistill.components.tutors.born_again import BornAgain
from autodistill.study.pipeline import Part

STUDENT = Part("cut", {"keep": 0.5, "vocabulary": "trimmed"})


def test_every_generation_is_the_student_itself_with_draws_of_its_own() -> None:
    lessons = BornAgain(generations=3).lessons(STUDENT)

    assert {str(training.student) for training in lessons} == {"cut(keep=0.5, vocabulary=full)"}
    assert [training.follows for training in lessons] == [False, True, True]
    assert len({training.seed for training in lessons}) == 3


def test_the_last_one_speaks_or_all_of_them() -> None:
    assert BornAgain(generations=2).combine == "last"
    assert BornAgain(generations=2, ensemble="yes").combine == "mean"
