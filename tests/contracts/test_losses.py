"""Promises that few losses make, beside test_members.py.

Shapes are checked, too.
"""

import pytest
import torch
from jaxtyping import TypeCheckError

from autodistill.components.losses import LogitLoss
from autodistill.registry import families
from autodistill.testing._batches import CLASSES, WIDTH, connected
from autodistill.testing._members import member_of


@pytest.mark.parametrize(
    "name",
    [
        n
        for n in families.names("losses")
        if {"logits", "pooled"} <= families.card("losses", n).traits["needs"]
    ],
)
def test_what_is_made_of_the_teacher_fits_the_losss_own_head(name: str) -> None:
    loss = connected(member_of("losses", name))
    assert isinstance(loss, LogitLoss)
    assert loss.head
    torch.manual_seed(3)
    states, logits, labels = (
        torch.randn(60, WIDTH),
        torch.randn(60, CLASSES),
        torch.arange(60) % CLASSES,
    )
    loss.learn(states, logits, labels)

    found = loss.expanded(logits, states)

    assert found.shape == (60, loss.outputs(CLASSES))
    assert loss(
        found, found, torch.nn.functional.one_hot(labels, CLASSES).float()
    ).isfinite()  # labels as mixup makes them
    assert found.isfinite().all()
    torch.testing.assert_close(loss.expanded(logits[7:9], states[7:9]), found[7:9])
    loss.learn(
        states[:3], logits[:3], torch.zeros(3, dtype=torch.long)
    )  # a class without rows, one with fewer rows than parts
    assert loss.expanded(logits, states).isfinite().all()


def test_shapes_are_checked_while_testing() -> None:
    with pytest.raises(TypeCheckError, match="parameter 'teacher'"):
        families.build("losses", "kl", {})(
            torch.zeros(2, 3), torch.zeros(2, 4), torch.zeros(2, dtype=torch.long)
        )


@pytest.mark.parametrize("name", families.names("losses"))
def test_a_logit_loss_says_that_it_cools_when_it_has_a_temperature_and_no_other_does(
    name: str,
) -> None:
    loss, card = connected(member_of("losses", name)), families.card("losses", name)

    assert loss.cools == (loss.kind == "logit" and "temperature" in card.knobs)
    assert bool(card.traits.get("cools")) == loss.cools
