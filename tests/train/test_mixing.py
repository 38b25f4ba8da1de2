"""Mixed batches: what the student sees, what the teacher says of it, and who learns."""

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from autodistill.arrays import Shard
from autodistill.mixups import Mix
from autodistill.pipeline import Part, Pipeline, Term
from autodistill.students import load_classifier
from autodistill.tasks import Rows
from autodistill.teach.tokens import tokenize, vocabularies
from autodistill.train.data import Batch, load_batch
from autodistill.train.fit import never
from autodistill.train.forward import forward, pool
from autodistill.train.full import train_in_full
from autodistill.train.guidance import Guidance
from autodistill.train.mixing import LiveTeacher, MixedDistill, Mixing, blend_embeddings, check_takes_embeddings, mix_batch, mixing_of
from autodistill.train.trial import Ticket, TrialData, run_trial
from tests.fakes import sentences
from tests.train.test_module import student_of

PARTNER = torch.tensor([3, 0, 5, 1, 7, 2, 4, 6])
SHARE = torch.tensor([0.7, 1.0, 0.2, 0.5, 1.0, 0.0, 0.9, 0.4])
KEEP_ALL = Mix(PARTNER, torch.ones(8))
WHOLE = Part("cut", {"keep": 1.0})
TERMS = (Term(Part("ce"), 0.5), Term(Part("kl", {"temperature": 2.0}), 0.5), Term(Part("mse"), 0.5, Part("skip")))


class Fixed:
    """A mixup that always draws the same."""

    place = "embedding"

    def __init__(self, mix: Mix, teacher: str = "interpolate") -> None:
        self.mix, self.teacher = mix, teacher

    def draw(self, rows: int, random: np.random.Generator) -> Mix:
        assert rows == len(self.mix.share)
        return self.mix


def rows_of(data: TrialData, vocabulary: str = "trimmed", layers: tuple[int, ...] = (0, 1, 2)) -> Batch:
    """The first eight rows; their lengths differ."""
    batch = load_batch(data.shards[vocabulary].open(), np.arange(8), layers)
    assert len(set(batch.mask.sum(1).tolist())) > 2
    return batch


def pipeline_of(teacher: str, **knobs: Any) -> Pipeline:
    """Half of a batch mixed."""
    optimizer = Part("adamw", {"lr": 1e-3, "batch": 16})
    return Pipeline(Part("cut", {"keep": 0.5}), TERMS, optimizer, mixup=Part("embedding", {"teacher": teacher, **knobs}))


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
            own, other = (words[batch.ids[r, t]] if batch.mask[r, t] else torch.zeros(32) for r in (i, j))
            torch.testing.assert_close(mixed.embeddings[i, t], share * own + (1 - share) * other)
        both = (batch.mask[i] if share > 0 else 0 * batch.mask[i]) | (batch.mask[j] if share < 1 else 0 * batch.mask[j])
        assert torch.equal(mixed.mask[i], both)
        torch.testing.assert_close(mixed.teacher_logits[i], share * batch.teacher_logits[i] + (1 - share) * batch.teacher_logits[j])
        for n in range(3):
            states = batch.teacher_pooled[n]
            torch.testing.assert_close(mixed.teacher_pooled[n][i], share * states[i] + (1 - share) * states[j])
    torch.testing.assert_close(mixed.labels.sum(1), torch.ones(8))


def test_padding_adds_nothing(data: TrialData) -> None:
    student, batch = student_of(data, WHOLE), rows_of(data)
    other = replace(batch, ids=torch.where(batch.mask.bool(), batch.ids, 7))

    mix = Mix(PARTNER, SHARE)

    assert torch.equal(*(blend_embeddings(student, b.ids, b.mask, mix) for b in (batch, other)))


def test_hard_loss_on_shares_is_the_shared_hard_losses(data: TrialData) -> None:
    module = _module(data, Fixed(Mix(PARTNER, SHARE)), Term(Part("ce"), 1.0))
    batch = rows_of(data, layers=())

    total = module.training_step(batch, 0)

    logits = forward(module.student, mix_batch(module.student, batch, Mix(PARTNER, SHARE)), states=False)[0]
    each = [nn.functional.cross_entropy(logits, labels, reduction="none") for labels in (batch.labels, batch.labels[PARTNER])]
    torch.testing.assert_close(total, (SHARE * each[0] + (1 - SHARE) * each[1]).mean())


def test_blended_states_are_compared_with_blended_answers(data: TrialData) -> None:
    fixed = Fixed(Mix(PARTNER, SHARE))
    fixed.place = "state"
    module = _module(data, fixed, Term(Part("ce"), 0.5), Term(Part("mse_centred"), 0.5))
    batch = rows_of(data, layers=())
    assert batch.teacher_logits is not None

    total = module.training_step(batch, 0)

    logits = Mix(PARTNER, SHARE).blend(forward(module.student, batch, states=False)[0])
    labels = Mix(PARTNER, SHARE).blend(nn.functional.one_hot(batch.labels, 2).float())
    own = module.parts[1](logits, Mix(PARTNER, SHARE).blend(batch.teacher_logits), batch.labels)
    torch.testing.assert_close(total, 0.5 * nn.functional.cross_entropy(logits, labels) + 0.5 * own)


def test_a_silent_teacher_has_a_say_in_rows_that_are_not_mixed_only(data: TrialData) -> None:
    share = SHARE.clone()
    share[:3] = 1.0
    heard = share == 1
    module = _module(data, Fixed(Mix(PARTNER, share), "silent"), Term(Part("ce"), 0.5), Term(Part("mse_centred"), 0.5))
    batch = rows_of(data, layers=())
    assert batch.teacher_logits is not None

    total = module.training_step(batch, 0)

    mixed = mix_batch(module.student, batch, Mix(PARTNER, share))
    logits = forward(module.student, mixed, states=False)[0]
    own = module.parts[1](logits[heard], batch.teacher_logits[heard], batch.labels[heard])
    torch.testing.assert_close(total, 0.5 * nn.functional.cross_entropy(logits, mixed.labels) + 0.5 * own)


def test_a_silent_teacher_of_rows_that_are_all_mixed_says_nothing(data: TrialData) -> None:
    module = _module(data, Fixed(Mix(PARTNER, torch.full((8,), 0.5)), "silent"), Term(Part("ce"), 0.5), Term(Part("mse_centred"), 0.5))

    total = module.training_step(rows_of(data, layers=()), 0)

    mixed = mix_batch(module.student, rows_of(data, layers=()), Mix(PARTNER, torch.full((8,), 0.5)))
    hard = nn.functional.cross_entropy(forward(module.student, mixed, states=False)[0], mixed.labels)
    torch.testing.assert_close(total, 0.5 * hard)


def test_a_head_of_more_outputs_than_classes_takes_mixed_labels(data: TrialData, pipeline: Pipeline) -> None:
    terms = (Term(Part("ce"), 0.5), Term(Part("lelp", {"parts": 4}), 0.5))

    found = run_trial(data, Ticket(0, replace(pipeline, terms=terms, mixup=Part("embedding")), 0, 64, 3), never)

    assert found["status"] == "complete"


@pytest.mark.parametrize("name", ["embedding", "hidden"])
@pytest.mark.parametrize("kind", ["interpolate", "silent"])
def test_a_trial_trains_under_every_mixup(data: TrialData, pipeline: Pipeline, name: str, kind: str) -> None:
    mixup = Part(name, {"ratio": 0.3, "teacher": kind, "per": "batch"})

    found = run_trial(data, Ticket(0, replace(pipeline, mixup=mixup), 0, 64, 3), never)

    assert found["status"] == "complete"
    assert found["score"] > 0.7


@pytest.mark.parametrize("vocabulary", ["trimmed", "full"])
def test_the_teacher_sees_the_same_bytes_when_it_shares_the_students_embeddings(data: TrialData, vocabulary: str) -> None:
    module = _module(data, Fixed(Mix(PARTNER, SHARE), "consistent"), *TERMS, vocabulary=vocabulary)
    seen: list[dict[str, Tensor]] = []
    assert module.mixing.teacher is not None
    for network in (module.student, module.mixing.teacher.network):
        network.register_forward_pre_hook(lambda _, __, inputs: seen.append(inputs), with_kwargs=True)

    module.training_step(rows_of(data, vocabulary, ()), 0)

    teachers, students = seen  # the teacher is asked first
    for name in ("inputs_embeds", "attention_mask", "token_type_ids"):
        assert torch.equal(teachers[name], students[name]), name


def test_a_consistent_teacher_answers_for_the_mixed_text_not_from_the_record(data: TrialData) -> None:
    batch, mix = rows_of(data), Mix(PARTNER, SHARE)
    words, student = data.vocabularies["trimmed"], student_of(data, WHOLE)
    teacher = load_classifier(data.backbone.folder, 2).eval()
    full = rows_of(data, "full").ids  # the trimmed tokenizer splits known texts as the full one does, so lengths agree
    rubbish = replace(batch, teacher_logits=torch.full((8, 2), 9.0), teacher_pooled={n: torch.full((8, 32), 9.0) for n in range(3)})

    mixed = mix_batch(student, rubbish, mix)
    found = LiveTeacher(data.backbone, words).answer(rubbish, mixed, mix, (1, 2))

    blended = mix.blend(teacher.get_input_embeddings()(full) * batch.mask.unsqueeze(-1))
    out = teacher(inputs_embeds=blended, attention_mask=mix.mask(batch.mask), output_hidden_states=True)
    assert found.teacher_logits is not None
    torch.testing.assert_close(found.teacher_logits, out.logits)
    assert list(found.teacher_pooled) == [1, 2]
    torch.testing.assert_close(found.teacher_pooled[2], pool(out.hidden_states[2], mixed.mask))
    assert batch.teacher_logits is not None
    assert (found.teacher_logits - mix.blend(batch.teacher_logits)).abs().max() > 0.05  # interpolation is another thing


def test_on_rows_that_are_not_mixed_the_live_teacher_says_what_was_recorded(data: TrialData) -> None:
    batch = rows_of(data)

    mixed = mix_batch(student_of(data, WHOLE), batch, KEEP_ALL)
    found = LiveTeacher(data.backbone, data.vocabularies["trimmed"]).answer(batch, mixed, KEEP_ALL, (0, 1, 2))

    assert found.teacher_logits is not None
    assert batch.teacher_logits is not None
    torch.testing.assert_close(found.teacher_logits, batch.teacher_logits, rtol=1e-4, atol=1e-4)
    for n in range(3):  # recorded in half precision
        torch.testing.assert_close(found.teacher_pooled[n], batch.teacher_pooled[n], rtol=2e-3, atol=2e-3)


def test_the_live_teacher_reads_trimmed_ids_as_its_own(data: TrialData, tmp_path: Path) -> None:
    texts = tuple(text for text, label in sentences(64, seed=3) if label == "neg")
    rows = Rows(texts, None, np.zeros(len(texts), dtype=np.int64))
    np.save(tmp_path / "labels.npy", rows.labels)
    answers = []
    for words in vocabularies(data.backbone.folder, rows, 64, tmp_path).values():
        shard = Shard(tokenize(words.folder, rows, 64, tmp_path), tmp_path / "labels.npy").open()
        batch, mix = load_batch(shard, np.arange(8)), Mix(PARTNER, SHARE)
        mixed = mix_batch(student_of(data, WHOLE), batch, mix)
        answers.append((batch.ids, LiveTeacher(data.backbone, words).answer(batch, mixed, mix, ()).teacher_logits))

    (full_ids, full), (trimmed_ids, trimmed), _ = answers
    assert (full_ids != trimmed_ids).any()  # the good words are not kept, so the ids of the others move up
    assert full is not None
    assert trimmed is not None
    assert torch.equal(full, trimmed)


def test_the_live_teacher_puts_its_outputs_into_the_tasks_order(data: TrialData) -> None:
    batch = rows_of(data)
    mixed = mix_batch(student_of(data, WHOLE), batch, KEEP_ALL)
    turned = replace(data.backbone, label_names=("pos", "neg"), order=(1, 0))

    plain, other = (LiveTeacher(b, data.vocabularies["trimmed"]).answer(batch, mixed, KEEP_ALL, ()) for b in (data.backbone, turned))

    assert plain.teacher_logits is not None
    assert other.teacher_logits is not None
    torch.testing.assert_close(other.teacher_logits, plain.teacher_logits.flip(1))


def test_a_student_equal_to_its_teacher_has_nothing_to_learn_from_a_consistent_one(data: TrialData) -> None:
    kl = Term(Part("kl", {"temperature": 2.0}), 1.0)
    exact, near = (_module(data, Fixed(Mix(PARTNER, SHARE), kind), kl) for kind in ("consistent", "interpolate"))

    assert abs(exact.training_step(rows_of(data), 0).item()) < 1e-6
    assert near.training_step(rows_of(data), 0).item() > 1e-4


def test_the_live_teacher_is_neither_trained_nor_part_of_the_module(data: TrialData) -> None:
    module = _module(data, Fixed(Mix(PARTNER, SHARE), "consistent"), *TERMS)
    assert module.mixing.teacher is not None
    network = module.mixing.teacher.network

    module.train()
    torch.autograd.backward(module.training_step(rows_of(data), 0))

    assert not network.training
    assert all(p.grad is None and not p.requires_grad for p in network.parameters())
    assert not {id(p) for p in network.parameters()} & {id(p) for p in module.parameters()}
    assert all(not n.startswith("mixing") for n in module.state_dict())
    assert copy.deepcopy(module.mixing).teacher is module.mixing.teacher  # averaging of weights copies the module
    assert module.recorded_layers == ()
    assert _module(data, Fixed(KEEP_ALL), *TERMS).recorded_layers == (0, 1, 2)


def test_a_student_that_trains_its_embeddings_gets_a_gradient_for_both_texts(data: TrialData) -> None:
    student = student_of(data, Part("cut", {"keep": 0.5, "embeddings": "trained"}))
    batch = rows_of(data)
    mix = Mix(PARTNER, torch.tensor([0.6, *[1.0] * 7]))

    torch.autograd.backward(forward(student, mix_batch(student, batch, mix), states=False)[0][0].sum())

    touched = set(student.get_input_embeddings().weight.grad.abs().sum(1).nonzero().flatten().tolist())
    assert touched == set((batch.ids[[0, 3]] * batch.mask[[0, 3]])[batch.mask[[0, 3]].bool()].tolist())


def test_the_teacher_is_loaded_only_where_it_has_to_answer(data: TrialData) -> None:
    words, hard = data.vocabularies["trimmed"], (Term(Part("ce"), 1.0),)

    made = [mixing_of(p, data.backbone, words, 0) for p in (pipeline_of("interpolate"), pipeline_of("consistent"))]
    deaf = mixing_of(replace(pipeline_of("consistent"), terms=hard), data.backbone, words, 0)

    assert [m is not None and m.teacher is not None for m in (*made, deaf)] == [False, True, False]
    assert mixing_of(replace(pipeline_of("interpolate"), mixup=Part("none")), data.backbone, words, 0) is None


@pytest.mark.parametrize("kind", ["interpolate", "consistent"])
@pytest.mark.parametrize("vocabulary", ["trimmed", "full"])
def test_a_trial_with_mixup_learns_and_repeats_itself_to_the_last_bit(data: TrialData, kind: str, vocabulary: str) -> None:
    made = replace(pipeline_of(kind), student=Part("cut", {"keep": 0.5, "vocabulary": vocabulary}))

    one, same = (run_trial(data, Ticket(0, made, 3, 64, 4), never) for _ in range(2))
    plain = run_trial(data, Ticket(0, replace(made, mixup=Part("none")), 3, 64, 4), never)

    assert one["status"] == "complete"
    assert one["metrics"]["cross_entropy"] < np.log(2)
    assert one["metrics"] == same["metrics"]
    assert one["metrics"] != plain["metrics"]


def test_recorded_answers_have_no_part_in_a_trial_with_a_consistent_teacher(data: TrialData) -> None:
    consistent, consistent_misled, interpolated, interpolated_misled = (
        run_trial(data, Ticket(0, pipeline_of(kind), 0, 64, 1, control), never)["metrics"]["cross_entropy"]
        for kind in ("consistent", "interpolate")
        for control in ("", "random")
    )

    assert consistent == consistent_misled
    assert interpolated != interpolated_misled


@pytest.mark.parametrize("kind", ["interpolate", "consistent"])
def test_a_full_training_mixes_too(data: TrialData, kind: str) -> None:
    made = pipeline_of(kind)

    mixed, plain = (train_in_full(data, p, epochs=2, seed=0, tick=lambda *_: None) for p in (made, replace(made, mixup=Part("none"))))

    assert not torch.equal(mixed.network.classifier.weight, plain.network.classifier.weight)
    assert mixed.size == plain.size


def test_a_network_that_looks_for_the_last_token_is_refused(data: TrialData) -> None:
    from transformers import GPT2Config, GPT2ForSequenceClassification

    config = GPT2Config(vocab_size=20, n_embd=8, n_layer=1, n_head=2, n_positions=16, pad_token_id=0, num_labels=2)

    check_takes_embeddings(student_of(data, WHOLE))
    with pytest.raises(ValueError, match=r"takes embeddings in place of ids, which GPT2ForSequenceClassification does not"):
        check_takes_embeddings(GPT2ForSequenceClassification(config))


def _module(data: TrialData, mixup: Any, *terms: Term, vocabulary: str = "trimmed") -> MixedDistill:
    """A student that is the whole teacher, without dropout."""
    from autodistill.optimizers.adamw import AdamW
    from autodistill.train.fit import shapes_of

    student = student_of(data, Part("cut", {"keep": 1.0, "vocabulary": vocabulary}))
    teacher = LiveTeacher(data.backbone, data.vocabularies[vocabulary]) if mixup.teacher == "consistent" else None
    shapes = shapes_of(student, data.shards[vocabulary].open())
    return MixedDistill(student, terms, shapes, AdamW(), 10, Guidance(), Mixing(mixup, teacher, np.random.default_rng(0)))
