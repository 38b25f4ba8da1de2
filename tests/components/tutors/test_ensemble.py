from autodistill.components.tutors.ensemble import Ensemble
from autodistill.study.pipeline import Part


def test_members_differ_in_their_draws_only() -> None:
    lessons = Ensemble(members=3).lessons(Part("cut"))

    assert [training.seed for training in lessons] == [0, 1, 2]
    assert all(
        training.pretrained and training.student.knobs["keep"] == 1.0 for training in lessons
    )
    assert Ensemble(by="confident").combine == "confident"
