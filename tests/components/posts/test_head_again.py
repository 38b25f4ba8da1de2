import pytest

from autodistill.components.posts.head_again import HeadAgain


def test_a_share_of_the_epochs_on_labels_and_its_own_answers() -> None:
    post = HeadAgain(share=0.3)

    assert post.share == 0.3
    assert post.held_out == 0.0
    assert [t.loss.name for t in post.terms] == ["ce", "kl"]
    assert sum(t.weight for t in post.terms) == pytest.approx(1.0)
