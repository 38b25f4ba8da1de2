import torch

from autodistill.components.targets.class_similarity import ClassSimilarity

STATES = torch.tensor([[2.0, 0.0], [0.0, 3.0], [0.0, 1.0], [5.0, 5.0]])
LABELS = torch.tensor([0, 1, 1, 2])


def test_classes_by_hand() -> None:
    target = ClassSimilarity(temperature=0.5)
    target.see(STATES, LABELS, 3)

    found = target.revise(torch.zeros(2, 3), torch.tensor([0, 2]))

    half = 2 * 0.5**0.5  # the cosine of 45 degrees over the temperature
    torch.testing.assert_close(found, torch.tensor([[2.0, 0.0, half], [half, half, 2.0]]))


def test_before_it_has_seen_anything_the_teacher_speaks() -> None:
    logits = torch.randn(2, 3)

    assert torch.equal(ClassSimilarity().revise(logits, torch.tensor([0, 1])), logits)
