"""Mixed batches: what the student sees, what the teacher says of it, and who learns."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from autodistill.components.mixups import Mix
from autodistill.study.pipeline import Part, Term
from autodistill.training.forward import forward
from autodistill.training.live_teacher import blend_embeddings
from autodistill.training.mixing import check_takes_embeddings, mix_batch
from autodistill.training.trial_data import TrialData
from tests.training.mixes import (
    KEEP_ALL,
    PARTNER,
    SHARE,
    WHOLE,
    Fixed,
    module_of_mix,
    rows_of,
)
from tests.training.modules import student_of


def test_a_share_of_one_leaves_the_batch_as_it_is(data: TrialData) -> None:
    student, batch = student_of(data, WHOLE), rows_of(data)

    mixed = mix_batch(student, batch, KEEP_ALL)

    valid = batch.mask.bool()
    assert mixed.embeddings is not None
    assert mixed.teacher_logits is not None
    assert batch.teacher_logits is not None
    assert torch.equal(mixed.embeddings[valid], student.get_input_embeddings()(batch.ids)[valid])
    assert torch.equal(mixed.mask, batch.mask)
    assert torch.equal(mixed.types * batch.mask, batch.types)
    assert torch.equal(mixed.labels, nn.functional.one_hot(batch.labels, 2).float())
    assert torch.equal(mixed.teacher_logits, batch.teacher_logits)
    assert all(torch.equal(mixed.teacher_pooled[n], batch.teacher_pooled[n]) for n in range(3))
    (logits, pooled), (plain, states) = (forward(student, b, states=True) for b in (mixed, batch))
    torch.testing.assert_close(logits, plain)
    torch.testing.assert_close(pooled, states)


def test_embeddings_labels_and_recorded_answers_are_blended_row_by_row(data: TrialData) -> None:
    student, batch = student_of(data, WHOLE), rows_of(data)
    words = student.get_input_embeddings().weight

    mixed = mix_batch(student, batch, Mix(PARTNER, SHARE))

    assert mixed.embeddings is not None
    assert mixed.teacher_logits is not None
    assert batch.teacher_logits is not None
    for i, (j, share) in enumerate(zip(PARTNER.tolist(), SHARE.tolist())):
        for t in range(batch.ids.shape[1]):
            own, other = (
                words[batch.ids[r, t]] if batch.mask[r, t] else torch.zeros(32) for r in (i, j)
            )
            torch.testing.assert_close(mixed.embeddings[i, t], share * own + (1 - share) * other)
        both = (batch.mask[i] if share > 0 else 0 * batch.mask[i]) | (
            batch.mask[j] if share < 1 else 0 * batch.mask[j]
        )
        assert torch.equal(mixed.mask[i], both)
        torch.testing.assert_close(
            mixed.teacher_logits[i],
            share * batch.teacher_logits[i] + (1 - share) * batch.teacher_logits[j],
        )
        for n in range(3):
            states = batch.teacher_pooled[n]
            torch.testing.assert_close(
                mixed.teacher_pooled[n][i], share * states[i] + (1 - share) * states[j]
            )
    torch.testing.assert_close(mixed.labels.sum(1), torch.ones(8))


def test_padding_adds_nothing(data: TrialData) -> None:
    student, batch = student_of(data, WHOLE), rows_of(data)
    other = replace(batch, ids=torch.where(batch.mask.bool(), batch.ids, 7))

    mix = Mix(PARTNER, SHARE)

    assert torch.equal(*(blend_embeddings(student, b.ids, b.mask, mix) for b in (batch, other)))


def test_hard_loss_on_shares_is_the_shared_hard_losses(data: TrialData) -> None:
    module = module_of_mix(data, Fixed(Mix(PARTNER, SHARE)), Term(Part("ce"), 1.0))
    batch = rows_of(data, layers=())

    total = module.training_step(batch, 0)

    logits = forward(
        module.student, mix_batch(module.student, batch, Mix(PARTNER, SHARE)), states=False
    )[0]
    each = [
        nn.functional.cross_entropy(logits, labels, reduction="none")
        for labels in (batch.labels, batch.labels[PARTNER])
    ]
    torch.testing.assert_close(total, (SHARE * each[0] + (1 - SHARE) * each[1]).mean())


def test_blended_states_are_compared_with_blended_answers(data: TrialData) -> None:
    fixed = Fixed(Mix(PARTNER, SHARE))
    fixed.place = "state"
    module = module_of_mix(data, fixed, Term(Part("ce"), 0.5), Term(Part("mse_centred"), 0.5))
    batch = rows_of(data, layers=())
    assert batch.teacher_logits is not None

    total = module.training_step(batch, 0)

    logits = Mix(PARTNER, SHARE).blend(forward(module.student, batch, states=False)[0])
    labels = Mix(PARTNER, SHARE).blend(nn.functional.one_hot(batch.labels, 2).float())
    own = module.terms.parts[1](
        logits, Mix(PARTNER, SHARE).blend(batch.teacher_logits), batch.labels
    )
    torch.testing.assert_close(total, 0.5 * nn.functional.cross_entropy(logits, labels) + 0.5 * own)


def test_a_silent_teacher_has_a_say_in_rows_that_are_not_mixed_only(data: TrialData) -> None:
    share = SHARE.clone()
    share[:3] = 1.0
    heard = share == 1
    module = module_of_mix(
        data,
        Fixed(Mix(PARTNER, share), "silent"),
        Term(Part("ce"), 0.5),
        Term(Part("mse_centred"), 0.5),
    )
    batch = rows_of(data, layers=())
    assert batch.teacher_logits is not None

    total = module.training_step(batch, 0)

    mixed = mix_batch(module.student, batch, Mix(PARTNER, share))
    logits = forward(module.student, mixed, states=False)[0]
    own = module.terms.parts[1](logits[heard], batch.teacher_logits[heard], batch.labels[heard])
    torch.testing.assert_close(
        total, 0.5 * nn.functional.cross_entropy(logits, mixed.labels) + 0.5 * own
    )


def test_a_silent_teacher_of_rows_that_are_all_mixed_says_nothing(data: TrialData) -> None:
    module = module_of_mix(
        data,
        Fixed(Mix(PARTNER, torch.full((8,), 0.5)), "silent"),
        Term(Part("ce"), 0.5),
        Term(Part("mse_centred"), 0.5),
    )

    total = module.training_step(rows_of(data, layers=()), 0)

    mixed = mix_batch(module.student, rows_of(data, layers=()), Mix(PARTNER, torch.full((8,), 0.5)))
    hard = nn.functional.cross_entropy(
        forward(module.student, mixed, states=False)[0], mixed.labels
    )
    torch.testing.assert_close(total, 0.5 * hard)


def test_a_student_that_trains_its_embeddings_gets_a_gradient_for_both_texts(
    data: TrialData,
) -> None:
    student = student_of(data, Part("cut", {"keep": 0.5, "embeddings": "trained"}))
    batch = rows_of(data)
    mix = Mix(PARTNER, torch.tensor([0.6, *[1.0] * 7]))

    torch.autograd.backward(
        forward(student, mix_batch(student, batch, mix), states=False)[0][0].sum()
    )

    touched = set(
        student.get_input_embeddings().weight.grad.abs().sum(1).nonzero().flatten().tolist()
    )
    assert touched == set(
        (batch.ids[[0, 3]] * batch.mask[[0, 3]])[batch.mask[[0, 3]].bool()].tolist()
    )


def test_a_network_that_looks_for_the_last_token_is_refused(data: TrialData) -> None:
    from transformers import GPT2Config, GPT2ForSequenceClassification

    config = GPT2Config(
        vocab_size=20, n_embd=8, n_layer=1, n_head=2, n_positions=16, pad_token_id=0, num_labels=2
    )

    check_takes_embeddings(student_of(data, WHOLE))
    with pytest.raises(
        ValueError,
        match=r"takes embeddings in place of ids, which GPT2ForSequenceClassification does not",
    ):
        check_takes_embeddings(GPT2ForSequenceClassification(config))
