"""A teacher that answers for the mixed text itself."""

import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from autodistill.components.mixups import Mix
from autodistill.components.students import load_classifier
from autodistill.components.students._passes import pool
from autodistill.datasets import Rows
from autodistill.prepare.tokens import tokenize, vocabularies
from autodistill.study.pipeline import Part, Term
from autodistill.training.batches import load_batch
from autodistill.training.live_teacher import LiveTeacher
from autodistill.training.mixing import mix_batch, mixing_of
from autodistill.training.signals import Shard, SignalRequest
from autodistill.training.trial_data import TrialData
from tests.fakes import sentences
from tests.training.mixes import (
    KEEP_ALL,
    PARTNER,
    SHARE,
    TERMS,
    WHOLE,
    Fixed,
    module_of_mix,
    pipeline_of,
    rows_of,
)
from tests.training.modules import student_of


@pytest.mark.parametrize("vocabulary", ["trimmed", "full"])
def test_the_teacher_sees_the_same_bytes_when_it_shares_the_students_embeddings(
    data: TrialData, vocabulary: str
) -> None:
    module = module_of_mix(
        data, Fixed(Mix(PARTNER, SHARE), "consistent"), *TERMS, vocabulary=vocabulary
    )
    seen: list[dict[str, Tensor]] = []
    assert module.mixing.teacher is not None
    for network in (module.student, module.mixing.teacher.network):
        network.register_forward_pre_hook(
            lambda _, __, inputs: seen.append(inputs), with_kwargs=True
        )

    module.training_step(rows_of(data, vocabulary, ()), 0)

    teachers, students = seen  # the teacher is asked first
    for name in ("inputs_embeds", "attention_mask", "token_type_ids"):
        assert torch.equal(teachers[name], students[name]), name


def test_a_consistent_teacher_answers_for_the_mixed_text_not_from_the_record(
    data: TrialData,
) -> None:
    batch, mix = rows_of(data), Mix(PARTNER, SHARE)
    words, student = data.vocabularies["trimmed"], student_of(data, WHOLE)
    teacher = load_classifier(data.backbone.folder, 2).eval()
    full = rows_of(
        data, "full"
    ).ids  # the trimmed tokenizer splits known texts as the full one does, so lengths agree
    rubbish = replace(
        batch,
        teacher_logits=torch.full((8, 2), 9.0),
        teacher_pooled={n: torch.full((8, 32), 9.0) for n in range(3)},
    )

    mixed = mix_batch(student, rubbish, mix)
    found = LiveTeacher(data.backbone, words).answer(rubbish, mixed, mix, (1, 2))

    blended = mix.blend(teacher.get_input_embeddings()(full) * batch.mask.unsqueeze(-1))
    out = teacher(
        inputs_embeds=blended, attention_mask=mix.mask(batch.mask), output_hidden_states=True
    )
    assert found.teacher_logits is not None
    torch.testing.assert_close(found.teacher_logits, out.logits)
    assert list(found.teacher_pooled) == [1, 2]
    torch.testing.assert_close(found.teacher_pooled[2], pool(out.hidden_states[2], mixed.mask))
    assert batch.teacher_logits is not None
    assert (
        found.teacher_logits - mix.blend(batch.teacher_logits)
    ).abs().max() > 0.05  # interpolation is another thing


def test_on_rows_that_are_not_mixed_the_live_teacher_says_what_was_recorded(
    data: TrialData,
) -> None:
    batch = rows_of(data)

    mixed = mix_batch(student_of(data, WHOLE), batch, KEEP_ALL)
    found = LiveTeacher(data.backbone, data.vocabularies["trimmed"]).answer(
        batch, mixed, KEEP_ALL, (0, 1, 2)
    )

    assert found.teacher_logits is not None
    assert batch.teacher_logits is not None
    torch.testing.assert_close(found.teacher_logits, batch.teacher_logits, rtol=1e-4, atol=1e-4)
    for n in range(3):  # recorded in half precision
        torch.testing.assert_close(
            found.teacher_pooled[n], batch.teacher_pooled[n], rtol=2e-3, atol=2e-3
        )


def test_the_live_teacher_reads_trimmed_ids_as_its_own(data: TrialData, tmp_path: Path) -> None:
    texts = tuple(text for text, label in sentences(64, seed=3) if label == "neg")
    rows = Rows(texts, None, np.zeros(len(texts), dtype=np.int64))
    np.save(tmp_path / "labels.npy", rows.labels)
    answers = []
    for words in vocabularies(data.backbone.folder, rows, 64, tmp_path).values():
        shard = Shard(tokenize(words.folder, rows, 64, tmp_path), tmp_path / "labels.npy").open()
        batch, mix = load_batch(shard, np.arange(8)), Mix(PARTNER, SHARE)
        mixed = mix_batch(student_of(data, WHOLE), batch, mix)
        answers.append(
            (
                batch.ids,
                LiveTeacher(data.backbone, words).answer(batch, mixed, mix, ()).teacher_logits,
            )
        )

    (full_ids, full), (trimmed_ids, trimmed), _ = answers
    assert (
        full_ids != trimmed_ids
    ).any()  # the good words are not kept, so the ids of the others move up
    assert full is not None
    assert trimmed is not None
    assert torch.equal(full, trimmed)


def test_the_live_teacher_puts_its_outputs_into_the_tasks_order(data: TrialData) -> None:
    batch = rows_of(data)
    mixed = mix_batch(student_of(data, WHOLE), batch, KEEP_ALL)
    turned = replace(data.backbone, label_names=("pos", "neg"), order=(1, 0))

    plain, other = (
        LiveTeacher(b, data.vocabularies["trimmed"]).answer(batch, mixed, KEEP_ALL, ())
        for b in (data.backbone, turned)
    )

    assert plain.teacher_logits is not None
    assert other.teacher_logits is not None
    torch.testing.assert_close(other.teacher_logits, plain.teacher_logits.flip(1))


def test_a_student_equal_to_its_teacher_has_nothing_to_learn_from_a_consistent_one(
    data: TrialData,
) -> None:
    kl = Term(Part("kl", {"temperature": 2.0}), 1.0)
    exact, near = (
        module_of_mix(data, Fixed(Mix(PARTNER, SHARE), kind), kl)
        for kind in ("consistent", "interpolate")
    )

    assert abs(exact.training_step(rows_of(data), 0).item()) < 1e-6
    assert near.training_step(rows_of(data), 0).item() > 1e-4


def test_the_live_teacher_is_neither_trained_nor_part_of_themodule_of_mix(data: TrialData) -> None:
    module = module_of_mix(data, Fixed(Mix(PARTNER, SHARE), "consistent"), *TERMS)
    assert module.mixing.teacher is not None
    network = module.mixing.teacher.network

    module.train()
    torch.autograd.backward(module.training_step(rows_of(data), 0))

    assert not network.training
    assert all(p.grad is None and not p.requires_grad for p in network.parameters())
    assert not {id(p) for p in network.parameters()} & {id(p) for p in module.parameters()}
    assert all(not n.startswith("mixing") for n in module.state_dict())
    assert (
        copy.deepcopy(module.mixing).teacher is module.mixing.teacher
    )  # averaging of weights copies the module
    assert module.recorded == SignalRequest()
    assert module_of_mix(data, Fixed(KEEP_ALL), *TERMS).recorded == SignalRequest((0, 1, 2))


def test_the_teacher_is_loaded_only_where_it_has_to_answer(data: TrialData) -> None:
    words, hard = data.vocabularies["trimmed"], (Term(Part("ce"), 1.0),)

    made = [
        mixing_of(p, data.backbone, words, 0)
        for p in (pipeline_of("interpolate"), pipeline_of("consistent"))
    ]
    deaf = mixing_of(replace(pipeline_of("consistent"), terms=hard), data.backbone, words, 0)

    assert [m is not None and m.teacher is not None for m in (*made, deaf)] == [False, True, False]
    assert (
        mixing_of(
            pipeline_of("interpolate").with_stages(mixup=Part("none")), data.backbone, words, 0
        )
        is None
    )
