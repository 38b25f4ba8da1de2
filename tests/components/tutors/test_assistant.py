from autodistill.components.tutors.assistant import Assistant
from autodistill.study.pipeline import Part


def test_each_assistant_is_smaller_and_taught_by_the_one_before() -> None:
    one, two = Assistant(hops=2).lessons(Part("cut", {"keep": 0.5}))

    assert one.student.knobs["keep"] > two.student.knobs["keep"] > 0.5
    assert (one.follows, two.follows) == (False, True)
    assert [t.loss.name for t in two.terms] == ["ce", "kl"]
