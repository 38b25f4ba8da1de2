"""Views of a study's rows.

The teacher answers each once, for its own text, before a trial trains on it.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from autodistill.components.students._passes import pool
from autodistill.errors import SpecError
from autodistill.prepare.materials import prepare
from autodistill.prepare.views import SEED, Views
from autodistill.prepare.workspace import PreparedWorkspace, open_workspace
from autodistill.registry import families
from autodistill.runtime.device import CPU
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.study.study import Study
from autodistill.training.full import train_in_full
from autodistill.training.rungs import never
from autodistill.training.trial import TrialSpec, run_trial
from tests.contracts.members import ALONE
from tests.screens import Heard

TERMS = (
    Term(Part("ce"), 0.5),
    Term(Part("kl", {"temperature": 2.0}), 0.5),
    Term(Part("mse"), 0.1, Part("skip")),
)
PLAIN = Pipeline(Part("cut", {"keep": 0.5}), TERMS, Part("adamw", {"lr": 1e-3, "batch": 32}))


def pipeline(name: str = "random_swap", vocabulary: str = "trimmed", **knobs: Any) -> Pipeline:
    """One augmentation."""
    return replace(PLAIN, student=Part("cut", {"keep": 0.5, "vocabulary": vocabulary})).with_stages(
        augmentation=Part(name, knobs)
    )


def ready(reviews: Path, teacher: Path, home: Path) -> PreparedWorkspace:
    """The study of the reviews in this home, in float32."""
    screen = Heard()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTODISTILL_HOME", str(home))
        patch.setattr("autodistill.prepare.devices.this_cpu", lambda: CPU)
        return prepare(open_workspace(Study(str(reviews), str(teacher)), screen, None), screen)


@pytest.mark.parametrize("limit", ["4", "0"])
def test_tokens_are_recorded_once_when_a_recipe_looks_at_them_and_where_they_fit(
    reviews: Path, teacher: Path, tmp_path: Path, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTODISTILL_TOKEN_GB", limit)
    screen, fresh = Heard(), ready(reviews, teacher, tmp_path)
    asked: Any = screen
    look_at_tokens = replace(
        pipeline(views=1),
        terms=(*TERMS[:2], Term(Part("mse", {"on": "tokens"}), 0.1, Part("skip"))),
    )

    for _ in range(2):
        views = Views(fresh, asked)(look_at_tokens)
        Views(fresh, asked)(PLAIN)

    kept = [s.open().signals for s in (fresh.data.shards["trimmed"], *views)]
    assert [set(s.by_token) for s in kept if s] == [{"tokens"} if limit == "4" else set()] * 2
    assert sum("recorded" in line for line in screen.lines) == (2 if limit == "4" else 0)


@pytest.fixture(scope="module")
def workspace(
    reviews: Path, teacher: Path, tmp_path_factory: pytest.TempPathFactory
) -> PreparedWorkspace:
    """In a home that the tests share."""
    return ready(reviews, teacher, tmp_path_factory.mktemp("views"))


@pytest.fixture
def fresh(reviews: Path, teacher: Path, tmp_path: Path) -> PreparedWorkspace:
    """In a home without views."""
    return ready(reviews, teacher, tmp_path / "home")


def made(workspace: PreparedWorkspace, *pipelines: Pipeline) -> tuple[list[Any], list[str]]:
    """The views of each pipeline in one sitting, and what was said."""
    screen = Heard()
    views = Views(workspace, screen)
    return [views(p) for p in pipelines], screen.lines


@pytest.mark.parametrize("vocabulary", ["trimmed", "full"])
@pytest.mark.parametrize("name", ALONE)
def test_signals_are_the_teachers_own_on_the_text_of_the_view(
    workspace: PreparedWorkspace, teacher: Path, name: str, vocabulary: str
) -> None:
    (shards,), _ = made(workspace, pipeline(name, rate=0.5, views=2, vocabulary=vocabulary))
    network, tok = (
        AutoModelForSequenceClassification.from_pretrained(teacher).eval(),
        AutoTokenizer.from_pretrained(teacher),
    )
    own = AutoTokenizer.from_pretrained(workspace.data.vocabularies[vocabulary].folder)
    known, original = workspace.task.known, workspace.data.shards[vocabulary].open().signals
    assert original is not None

    for number, view in enumerate(s.open() for s in shards):
        texts = families.build("augmentations", name, {"rate": 0.5}).rows(known, number, SEED).first
        assert view.signals is not None
        assert view.labels.tolist() == known.labels.tolist()
        assert len(texts) == len(known) == workspace.data.train_rows + workspace.data.selection_rows
        inputs = tok(list(texts), padding=True, return_tensors="pt")
        with torch.inference_mode():
            out = network(**inputs, output_hidden_states=True)
        np.testing.assert_allclose(view.signals.logits, out.logits.numpy(), atol=1e-4)
        for layer in range(3):
            mean = pool(out.hidden_states[layer], inputs["attention_mask"]).numpy()
            np.testing.assert_allclose(
                view.signals.pooled[layer], mean, atol=2e-3
            )  # kept in half precision
            assert (np.abs(mean - original.pooled[layer]).max(1) > 0.01).sum() > 30, (
                "the original's states would have passed"
            )
        ids = np.split(view.table.ids, view.table.offsets[1:-1])
        assert [i.tolist() for i in ids] == own(list(texts))["input_ids"]


def test_the_originals_answers_are_not_those_of_its_views(workspace: PreparedWorkspace) -> None:
    ((view,),), _ = made(workspace, pipeline("random_deletion", rate=0.5))
    original, changed = workspace.data.shards["trimmed"].open().signals, view.open().signals

    assert original is not None
    assert changed is not None
    # where the words that decide were deleted, the teacher says something else
    assert (np.abs(original.logits - changed.logits).max(1) > 1).sum() > 10


def test_a_second_study_asks_the_teacher_nothing(
    reviews: Path, teacher: Path, tmp_path: Path
) -> None:
    twice = [made(ready(reviews, teacher, tmp_path), pipeline(views=2)) for _ in range(2)]

    rows = 320  # of 400 reviews, 80 are locked
    assert [line.split(": ")[0] for line in twice[0][1]] == [
        f"views     random_swap, rate 0.1, view {n}" for n in (1, 2)
    ]
    assert all(f"asked about {rows} rows" in line for line in twice[0][1])
    assert all(
        f"0 teacher rows computed, {rows} read from disk, 8 re-computed" in line
        for line in twice[1][1]
    )
    assert twice[0][0] == twice[1][0]


def test_more_views_begin_with_the_fewer_and_other_vocabularies_share_the_answers(
    fresh: PreparedWorkspace,
) -> None:
    (one, two, again, full), said = made(
        fresh, pipeline(), pipeline(views=2), pipeline(views=2), pipeline(vocabulary="full")
    )

    assert two[:1] == one
    assert again == two
    assert len(two) == 2
    assert two[0].signals != two[1].signals
    assert full[0].signals == one[0].signals
    assert full[0].tokens != one[0].tokens
    assert ["asked about" in line for line in said] == [True, True, False]


def test_without_augmentation_nothing_is_made_nor_said(workspace: PreparedWorkspace) -> None:
    assert made(
        workspace, PLAIN, PLAIN.with_stages(mixup=Part("embedding", {"teacher": "consistent"}))
    ) == ([(), ()], [])


def test_meanwhile_others_are_served(fresh: PreparedWorkspace) -> None:
    served: list[int] = []
    screen = Heard()

    Views(fresh, screen)(pipeline(), lambda: served.append(1))

    assert served


@pytest.mark.parametrize(
    ("treated", "what"),
    [
        (pipeline(), "the augmentation 'random_swap'"),
        (
            PLAIN.with_stages(mixup=Part("embedding", {"teacher": "consistent"})),
            "the mixup 'embedding' with teacher 'consistent'",
        ),
    ],
)
def test_a_file_of_labels_cannot_be_asked_and_the_message_says_what_would(
    workspace: PreparedWorkspace, treated: Pipeline, what: str
) -> None:
    silent = replace(
        workspace, teacher=replace(workspace.teacher, name="soft.csv", labels_file=Path("soft.csv"))
    )

    with pytest.raises(
        SpecError, match=f"{what} runs the teacher on new texts; 'soft.csv' is a file of labels"
    ):
        made(silent, treated)
    assert made(silent, PLAIN.with_stages(mixup=Part("embedding"))) == ([()], [])


@pytest.mark.parametrize("name", ALONE)
def test_trials_and_full_trainings_train_on_views(workspace: PreparedWorkspace, name: str) -> None:
    treated = pipeline(name, rate=0.3, views=2)
    (views,), _ = made(workspace, treated)

    seen: list[int] = []

    done = run_trial(workspace.data, TrialSpec(0, treated, 0, 64, 1, views=views), never)
    train_in_full(
        workspace.data,
        treated,
        epochs=1,
        seed=0,
        tick=lambda _, steps: seen.append(steps),
        views=views,
    )

    assert done.status == "complete"
    assert done.score > 0.8
    assert seen == [30] * 30  # 320 rows and two views of each, 32 in a batch
