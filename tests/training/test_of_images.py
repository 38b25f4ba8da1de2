"""Training on images: what moves, what is mixed, what a teacher with another look says."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from autodistill.components.mixups import Mix
from autodistill.components.students import Backbone
from autodistill.components.students._networks import untrained
from autodistill.components.students._networks.residual import ResidualConfig
from autodistill.components.students._pixels import Look
from autodistill.datasets import Rows
from autodistill.datasets._images import named
from autodistill.datasets._tables import PixelTable, grey, moved
from autodistill.prepare.record_signals import record
from autodistill.prepare.tokens import tokenize, vocabularies
from autodistill.runtime.device import CPU
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.training.batches import load_batch
from autodistill.training.live_teacher import LiveTeacher
from autodistill.training.mixing import mix_batch
from autodistill.training.rungs import never
from autodistill.training.signals import Shard
from autodistill.training.teacher import Member, TuneData, join_members, tune_member
from autodistill.training.trial import TrialSpec, run_trial
from autodistill.training.trial_data import TrialData
from autodistill.training.tuning import tuning
from tests.fakes import bright_images

NAMES = ("left", "middle", "right")
STUDENTS = (
    Part("residual", {"width": 4}),
    Part("perceptron", {"width": 32}),
    Part("vit", {"layers": 1, "width": 32}),
)


def rows_of(count: int, side: int = 8) -> Rows:
    """Images as a task has them."""
    images, labels = bright_images(count, side=side)
    return Rows(tuple(map(named, images)), None, labels, np.arange(count), images)


@pytest.fixture
def seen(tmp_path: Path) -> TrialData:
    """A random teacher, and its answers to 80 images of 8 by 8 pixels.

    It sees them in 16 by 16.
    """
    rows, folder = rows_of(80), tmp_path / "network"
    torch.manual_seed(0)
    untrained(ResidualConfig((1, 1, 1), (4, 8, 16), (16, 16), num_labels=3)).save_pretrained(folder)
    Look((16, 16), (0.5,) * 3, (0.5,) * 3).write(folder)
    np.save(tmp_path / "labels.npy", rows.labels)
    backbone = Backbone.of(folder, NAMES, (0, 1, 2))
    shown = record(
        backbone,
        "key",
        tokenize(folder, rows, 64, tmp_path),
        tmp_path,
        device=CPU,
        tick=lambda *_: None,
    )
    words = vocabularies(folder, rows, 64, tmp_path, held_out=20)
    shards = {
        n: Shard(tokenize(v.folder, rows, 64, tmp_path), tmp_path / "labels.npy", shown.folder)
        for n, v in words.items()
    }
    return TrialData(backbone, words, shards, 60, 20, "accuracy", device=CPU)


def test_students_see_images_in_their_own_size_and_the_teacher_in_its_own(seen: TrialData) -> None:
    own, full = (seen.shards[n].open().table for n in ("pixels", "full"))

    assert isinstance(own, PixelTable)
    assert isinstance(full, PixelTable)
    assert own.batch(np.arange(3))[0].shape == (3, 3, 8, 8)
    assert full.batch(np.arange(3))[0].shape == (3, 3, 16, 16)
    assert own.batch(np.arange(60))[0].mean() == pytest.approx(
        0.0, abs=1e-3
    )  # the rows to choose by are not looked at for it


@pytest.mark.parametrize("student", STUDENTS, ids=lambda part: part.name)
@pytest.mark.parametrize("mixup", ["none", "interpolate", "consistent"])
def test_a_trial_trains_every_student_on_images_mixed_or_not(
    seen: TrialData, student: Part, mixup: str
) -> None:
    terms = (
        Term(Part("ce"), 0.5),
        Term(Part("kl", {"temperature": 2.0}), 0.5),
        Term(Part("mse"), 0.1, Part("last")),
    )
    made = Pipeline(student, terms, Part("adamw", {"lr": 3e-3, "batch": 16}))
    if mixup != "none":
        made = made.with_stages(mixup=Part("embedding", {"teacher": mixup}))

    found = run_trial(seen, TrialSpec(0, made, 0, 60, 8), never)

    assert found.curve[-1][1] > 0.5, found  # three classes, thirds of an image that are brighter


def test_pixels_are_blended_and_the_teacher_answers_for_the_blend_in_its_own_look(
    seen: TrialData,
) -> None:
    shard, mix = (
        seen.shards["pixels"].open(),
        Mix(torch.tensor([1, 0, 2, 3]), torch.tensor([0.25, 0.5, 1.0, 1.0])),
    )
    batch = load_batch(shard, np.arange(4))
    student = untrained(ResidualConfig((1, 1, 1), (4, 8, 16), (8, 8), num_labels=3))

    mixed = mix_batch(student, batch, mix)
    answered = LiveTeacher(seen.backbone, seen.vocabularies["pixels"]).answer(
        batch, mixed, mix, (3,)
    )

    assert mixed.embeddings is not None
    torch.testing.assert_close(mixed.embeddings[0], 0.25 * batch.ids[0] + 0.75 * batch.ids[1])
    assert torch.equal(mixed.embeddings[2:], batch.ids[2:])
    assert answered.teacher_logits is not None
    assert batch.teacher_logits is not None
    gap = (answered.teacher_logits - batch.teacher_logits).abs().amax(1)
    assert gap[2:].max() < 0.005  # resized in steps of 1/255 there, without steps here
    assert gap[:2].min() > 0.02
    assert answered.teacher_pooled[3].shape == (4, 16)


@pytest.mark.slow
def test_a_teacher_of_images_is_trained_on_moved_ones_and_written_with_its_processor(
    seen: TrialData, tmp_path: Path
) -> None:
    target = tmp_path / "tuned"
    target.mkdir()
    how = replace(tuning(60, images=True), epochs=20)
    data = TuneData(
        seen.backbone.folder,
        NAMES,
        seen.vocabularies["full"],
        seen.shards["full"],
        target,
        how,
        0,
        CPU,
    )

    tune_member(data, Member(0), lambda *_: None)
    join_members(data)

    assert (how.members, how.moves, how.average) == (1, True, 0.0)
    assert Look.read(target) == Look.read(seen.backbone.folder)
    assert sorted(p.name for p in target.iterdir()) == [
        "config.json",
        "model.safetensors",
        "preprocessor_config.json",
        "residual.py",
    ]
    rows = rows_of(80)
    made = Backbone.of(target, NAMES, (0, 1, 2))
    again = record(
        made,
        "tuned",
        tokenize(target, rows, 64, tmp_path),
        tmp_path,
        device=CPU,
        tick=lambda *_: None,
    )
    assert (np.load(again.folder / "logits.npy").argmax(1) == rows.labels).mean() > 0.8


@pytest.mark.parametrize(
    ("rows", "epochs"), [(100, 60), (1000, 24), (2000, 60), (20_000, 10), (1_000_000, 4)]
)
def test_a_large_set_of_images_is_looked_at_less_often_and_a_small_one_in_smaller_steps(
    rows: int, epochs: int
) -> None:
    made = tuning(rows, images=True)

    assert (made.epochs, made.optimizer.knobs["batch"]) == (epochs, 16 if rows < 2000 else 64)


def test_only_images_with_colours_are_mirrored() -> None:
    image = np.arange(192, dtype=np.uint8).reshape(8, 8, 3)
    plain = {moved(image, np.random.default_rng(s), mirror=False).tobytes() for s in range(300)}
    mirrored = {moved(image, np.random.default_rng(s), mirror=True).tobytes() for s in range(300)}

    assert (len(plain), len(mirrored)) == (9, 18)
    assert plain < mirrored
    assert not grey(image[None])
    assert grey(np.repeat(image[None, ..., :1], 3, axis=3))
