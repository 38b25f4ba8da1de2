"""Word vectors of the encoder: made once, before any trial, where a student needs them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autodistill.prepare.materials import prepare
from autodistill.prepare.views import Views
from autodistill.prepare.word_vectors import MOST
from autodistill.prepare.workspace import PreparedWorkspace, open_workspace
from autodistill.runtime.device import Device
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.study.study import Study
from autodistill.training import word_vectors
from autodistill.training.rungs import never
from autodistill.training.trial import TrialSpec, run_trial
from tests.screens import Heard

SPACE = """
[student.{student}]
[hard.ce]
[logit.kl]
[feature.none]
[mapping.skip]
[optimizer.adamw]
lr = [1e-4, 1e-3]
batch = [16]
[default]
student = "{student}"
"""
STATIC = Pipeline(
    Part("static", {"width": 32}), (Term(Part("ce"), 1.0),), Part("adamw", {"lr": 1e-3})
)


@pytest.fixture
def passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Numbers of tokens that passed through an encoder, a pass each; the cache is empty."""
    monkeypatch.setenv("AUTODISTILL_HOME", str(tmp_path / "home"))
    seen: list[int] = []
    states = word_vectors._states

    def counted(network: object, ids: object, device: Device) -> object:
        seen.append(len(ids))  # type: ignore[arg-type]
        return states(network, ids, device)  # type: ignore[arg-type]

    monkeypatch.setattr(word_vectors, "_states", counted)
    return seen


def ready(
    data: Path, teacher: Path, student: str, folder: Path, screen: Heard
) -> PreparedWorkspace:
    """The study of a space with this student alone."""
    space = folder / f"{student}.toml"
    space.write_text(SPACE.format(student=student), encoding="utf-8")
    return prepare(open_workspace(Study(str(data), str(teacher), str(space)), screen, None), screen)


def test_the_vocabulary_passes_through_the_encoder_once(
    reviews: Path, teacher: Path, tmp_path: Path, passes: list[int]
) -> None:
    screen = Heard()
    first = ready(reviews, teacher, "static", tmp_path, screen)
    second = ready(reviews, teacher, "static", tmp_path, screen)

    assert len(passes) == 1
    assert first.data.backbone.word_vectors == second.data.backbone.word_vectors
    told = [line for line in screen.lines if line.startswith("words ")]
    assert len(told) == 1
    assert "word vectors of the tuned teacher, which know its task" in told[0]


def test_no_other_student_has_them_made(
    reviews: Path, teacher: Path, tmp_path: Path, passes: list[int]
) -> None:
    ready(reviews, teacher, "bag", tmp_path, Heard())

    assert not passes


@pytest.mark.parametrize("layers", [0, 1])
def test_a_trial_reads_what_is_on_disk_and_compares_mean_states(
    reviews: Path, teacher: Path, tmp_path: Path, passes: list[int], layers: int
) -> None:
    workspace = ready(reviews, teacher, "static", tmp_path, Heard())
    passes.clear()
    student = Part("static", {"width": 32, "layers": layers})
    states = Term(Part("mse", {"on": "pooled"}), 0.1, Part("skip"))
    pipeline = replace(STATIC, student=student, terms=(*STATIC.terms, states))

    found = run_trial(workspace.data, TrialSpec(0, pipeline, 0, 64, 1), never, threads=1)

    assert found.status == "complete"
    assert not passes


def test_a_student_that_no_space_has_finds_its_vectors_made_before_its_trial(
    reviews: Path, teacher: Path, tmp_path: Path, passes: list[int]
) -> None:
    screen = Heard()
    workspace = ready(reviews, teacher, "bag", tmp_path, screen)
    views = Views(workspace, screen)

    views(STATIC)
    views(STATIC)

    place = workspace.data.backbone.word_vectors
    assert place is not None
    assert len(passes) == 1
    assert np.load(place).shape[1] <= MOST
    assert run_trial(workspace.data, TrialSpec(0, STATIC, 0, 64, 1), never).status == "complete"
