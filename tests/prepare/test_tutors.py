"""Tutors are trained once, recorded once, and teach in the teacher's place."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import log_softmax

from autodistill.errors import SpecError
from autodistill.prepare.tutors import at_entropy, entropy, together
from autodistill.prepare.views import Views
from autodistill.prepare.workspace import PreparedWorkspace
from autodistill.registry import families
from autodistill.study.pipeline import NONE, Part, Pipeline, Term
from autodistill.study.rules import Conditions, impossible
from autodistill.study.stages import allows
from autodistill.training.full import train_in_full
from autodistill.training.rungs import never
from autodistill.training.signals import Signals
from autodistill.training.trial import TrialSpec, run_trial
from tests.prepare.test_views import ready
from tests.screens import Heard

KD = (Term(Part("ce"), 0.5), Term(Part("kl", {"temperature": 2.0}), 0.5))
FEATURES = (*KD, Term(Part("mse"), 0.1, Part("skip")))
PLAIN = Pipeline(Part("cut", {"keep": 0.5}), KD, Part("adamw", {"lr": 1e-3, "batch": 32}))
KNOBS: dict[str, dict[str, Any]] = {
    "born_again": {"generations": 2},
    "mcmi": {"strength": 0.1},
    "assistant": {"hops": 1},
}


@pytest.fixture(autouse=True)
def _few_visits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lessons of a few steps."""
    for name in families.names("tutors"):
        own = families.get("tutors", name).lessons
        monkeypatch.setattr(
            families.get("tutors", name),
            "lessons",
            lambda self, s, own=own: [replace(x, visits=64) for x in own(self, s)],
        )


@pytest.fixture(scope="module")
def workspace(
    reviews: Path, teacher: Path, tmp_path_factory: pytest.TempPathFactory
) -> PreparedWorkspace:
    """In a home that the tests share; the teacher is taken for one that was tuned here."""
    made = ready(reviews, teacher, tmp_path_factory.mktemp("home"))
    return replace(made, found=replace(made.found, tuned=False))


def with_tutor(name: str, terms: tuple[Term, ...] = KD) -> Pipeline:
    """One tutor."""
    return replace(PLAIN, terms=terms).with_stages(tutor=Part(name, KNOBS.get(name, {})))


@pytest.mark.parametrize("name", families.names("tutors"))
def test_a_student_is_taught_by_it_in_a_trial_and_in_full(
    workspace: PreparedWorkspace, name: str
) -> None:
    screen = Heard()
    lessons, pipeline = Views(workspace, screen), with_tutor(name)

    tutored = lessons.tutored(pipeline)

    assert tutored is not None
    shown, own = (Signals.open(f).logits for f in (tutored.signals, workspace.recording.folder))
    assert shown.shape == own.shape
    assert not np.array_equal(shown, own)
    assert (
        run_trial(workspace.data, TrialSpec(0, pipeline, 0, 64, 1, tutored=tutored), never).status
        == "complete"
    )
    done = train_in_full(
        workspace.data, pipeline, epochs=1, seed=0, tick=lambda *_: None, tutored=tutored
    )
    assert done.network.config.num_hidden_layers == 1


def test_it_is_trained_once_and_kept(workspace: PreparedWorkspace) -> None:
    first, again = (Heard(), Heard())
    for screen in (first, again):
        Views(workspace, screen).tutored(with_tutor("mcmi"))

    assert not [line for line in again.lines if line.startswith("tutor")]


@pytest.mark.parametrize(
    "name", [n for n in families.names("tutors") if families.card("tutors", n).traits.get("states")]
)
def test_one_with_layers_like_the_teachers_teaches_features_and_tokens(
    workspace: PreparedWorkspace, name: str
) -> None:
    screen = Heard()
    terms = (*KD, Term(Part("mse", {"on": "tokens"}), 0.1, Part("skip")))
    lessons, pipeline = Views(workspace, screen), with_tutor(name, terms)

    assert lessons(pipeline) == ()
    tutored = lessons.tutored(pipeline)

    assert tutored is not None
    assert "tokens" in Signals.open(tutored.signals).by_token
    assert (
        run_trial(workspace.data, TrialSpec(0, pipeline, 0, 64, 1, tutored=tutored), never).status
        == "complete"
    )


def test_views_are_answered_by_the_tutor(workspace: PreparedWorkspace) -> None:
    screen = Heard()
    lessons, views = Views(workspace, screen), Part("random_swap", {"rate": 0.3, "views": 1})
    (own,), (theirs,) = (
        lessons(p.with_stages(augmentation=views)) for p in (PLAIN, with_tutor("mcmi"))
    )

    assert own.tokens == theirs.tokens
    assert own.signals != theirs.signals


def test_views_of_one_ensemble_that_is_joined_otherwise_have_other_answers(
    workspace: PreparedWorkspace,
) -> None:
    screen = Heard()
    lessons, views = Views(workspace, screen), Part("random_swap", {"rate": 0.3, "views": 1})
    made = [
        lessons(PLAIN.with_stages(tutor=Part("ensemble", {"by": by}), augmentation=views))[0]
        for by in ("mean", "confident")
    ]

    assert made[0].tokens == made[1].tokens
    assert made[0].signals != made[1].signals


def test_answers_are_joined_as_probabilities_by_hand() -> None:
    answers = np.log(np.array([[[0.9, 0.1]], [[0.5, 0.5]]]))

    assert np.exp(together(answers, "mean"))[0] == pytest.approx([0.7, 0.3])
    sure = np.exp([(0.9 * np.log(0.9) + 0.1 * np.log(0.1)), np.log(0.5)])
    share = sure[0] / sure.sum()
    assert np.exp(together(answers, "confident"))[0] == pytest.approx(
        [0.9 * share + 0.5 * (1 - share), 0.1 * share + 0.5 * (1 - share)]
    )


def test_networks_that_are_blended_in_a_training_are_recorded_one_by_one(
    workspace: PreparedWorkspace,
) -> None:
    made = Views(workspace, Heard()).tutored(with_tutor("balanced"))
    assert made is not None

    signals = Signals.open(made.signals)

    assert signals.each is not None
    assert signals.each.shape == (2, *signals.logits.shape)
    mean = np.log(np.exp(signals.each.astype(np.float64)).mean(0))
    np.testing.assert_allclose(signals.logits, mean, atol=1e-5)


def test_networks_can_be_made_equally_sure_before_they_are_joined() -> None:
    draw = np.random.default_rng(0)
    logs = [log_softmax(scale * draw.normal(size=(200, 3)), axis=1) for scale in (1.0, 6.0)]
    wanted = (entropy(logs[0]) + entropy(logs[1])) / 2

    made = [at_entropy(x, wanted) for x in logs]

    assert [entropy(x) for x in made] == pytest.approx([wanted, wanted])
    assert all((a.argmax(1) == b.argmax(1)).all() for a, b in zip(made, logs))
    np.testing.assert_allclose(together(np.stack(logs), "even"), together(np.stack(made), "mean"))


def test_a_teacher_that_is_a_file_has_no_tutors(
    workspace: PreparedWorkspace, tmp_path: Path
) -> None:
    screen = Heard()
    silent = replace(
        workspace, teacher=replace(workspace.teacher, labels_file=tmp_path / "labels.csv")
    )

    with pytest.raises(SpecError, match="the tutor 'mcmi' runs the teacher"):
        Views(silent, screen)(with_tutor("mcmi"))


def test_rules() -> None:
    mixed = Part("embedding")
    assert allows("tutor", "assistant", KD, {})
    assert not allows("tutor", "assistant", FEATURES, {})  # it has other layers
    assert allows("tutor", "mcmi", FEATURES, {})
    assert not allows("tutor", "mcmi", KD, {"mixup": mixed})
    assert not allows("tutor", "mcmi", KD[:1], {})  # nobody listens
    slots: Any = {"hard": {"mcmi": {}, "ce": {}}, "tutor": {"early": {}, "mcmi": {}}}
    assert impossible(slots, Conditions(tunes=False)).keys() == {"hard.mcmi", "tutor.early"}
    assert impossible(slots, Conditions(asks=False)).keys() == {
        "hard.mcmi",
        "tutor.early",
        "tutor.mcmi",
    }


def test_a_student_of_many_tutors_keeps_its_key_without_one() -> None:
    assert PLAIN.with_stages(tutor=NONE).key == PLAIN.key
    assert Pipeline.from_dict(with_tutor("mcmi").to_dict()) == with_tutor("mcmi")
