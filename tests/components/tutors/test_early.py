from autodistill.components.tutors.early import Early
from autodistill.study.pipeline import Part


def test_a_shorter_tuning_from_where_the_teachers_began() -> None:
    visits = []
    for share in (0.1, 0.6):
        (training,) = Early(share=share).lessons(Part("cut"))
        assert training.pretrained
        assert [t.loss.name for t in training.terms] == ["ce"]
        visits.append(training.visits)

    assert visits == [2000, 12_000]
