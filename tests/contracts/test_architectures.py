"""Common architectures teach as Transformers runs them; students cut from them load again."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from autodistill.components.students import Backbone, Vocabulary
from autodistill.components.students._layers import can_be_cut
from autodistill.components.students._networks import read_config
from autodistill.components.students._passes import inputs_of
from autodistill.components.students.cut import Cut
from autodistill.components.students.scratch import Scratch
from autodistill.components.students.slim import Slim
from autodistill.components.teachers import Found, find
from autodistill.datasets import Rows
from autodistill.datasets._tables import TokenTable
from autodistill.prepare.record_signals import record
from autodistill.prepare.tokens import tokenize, vocabularies
from autodistill.runtime.device import CPU
from autodistill.training.mixing import blends_words, check_takes_embeddings
from autodistill.training.signals import Signals
from tests.architectures import LABELS, OWN, tiny_classifier
from tests.fakes import sentences

TEXTS = (
    *(text for text, _ in sentences(10, seed=3)),
    " ".join(text for text, _ in sentences(9, seed=4)),
)
ROWS = Rows(TEXTS, None, np.zeros(len(TEXTS), dtype=np.int64))
TURNED = ("so", "neg", "pos")


class Taught(NamedTuple):
    """A teacher of one architecture, as a study finds it."""

    found: Found
    backbone: Backbone
    words: dict[str, Vocabulary]
    length: int
    home: Path


@pytest.fixture(scope="module", params=OWN)
def taught(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Taught:
    """A tiny untrained classifier; rows are cut at what it takes."""
    home = tmp_path_factory.mktemp("home")
    folder = tiny_classifier(tmp_path_factory.mktemp("teacher"), request.param)
    found = find(str(folder))
    length = min(128, found.longest or 128)
    order = tuple(LABELS.index(name) for name in TURNED)
    words = vocabularies(folder, ROWS, length, home, held_out=2)
    return Taught(found, Backbone.of(folder, TURNED, order), words, length, home)


def logits_of(network: Any, taught: Taught, words: Vocabulary) -> torch.Tensor:
    """Logits of TEXTS in one batch."""
    table = TokenTable.open(tokenize(words.folder, ROWS, taught.length, taught.home))
    ids, mask, types = map(torch.from_numpy, table.batch(np.arange(len(TEXTS))))
    found: torch.Tensor = network(**inputs_of(network, ids, mask, types)).logits
    return found


def loads_again_as_it_was_trained(student: Any, taught: Taught, words: Vocabulary, to: Path) -> Any:
    """The student after one step of training, read from a folder, which gives the same logits."""
    optimizer = torch.optim.SGD([p for p in student.parameters() if p.requires_grad], lr=0.1)
    student.train()
    torch.autograd.backward(logits_of(student, taught, words)[:, 0].sum())
    optimizer.step()
    student.eval().save_pretrained(to)
    back = AutoModelForSequenceClassification.from_pretrained(to).eval()
    with torch.inference_mode():
        torch.testing.assert_close(
            logits_of(back, taught, words), logits_of(student, taught, words), rtol=0, atol=1e-5
        )
    return back


def test_its_answers_are_those_of_transformers(taught: Taught) -> None:
    tokens = tokenize(taught.found.folder, ROWS, taught.length, taught.home)
    signals = record(taught.backbone, "k", tokens, taught.home, device=CPU, tick=lambda *_: None)

    network = AutoModelForSequenceClassification.from_pretrained(taught.found.folder).eval()
    tokenizer = AutoTokenizer.from_pretrained(taught.found.folder)
    expected = []
    with torch.inference_mode():
        for text in TEXTS:
            given = tokenizer(text, truncation=True, max_length=taught.length, return_tensors="pt")
            expected.append(network(**given).logits[0].numpy())
    answers = Signals.open(signals.folder)
    columns = [LABELS.index(name) for name in TURNED]
    np.testing.assert_allclose(answers.logits, np.stack(expected)[:, columns], atol=1e-4)
    assert len(answers.pooled) == taught.backbone.layers + 1


def test_a_student_with_half_its_layers_loads_again_as_it_was_trained(
    taught: Taught, tmp_path: Path
) -> None:
    student: Any = Cut(pick="last", embeddings="trained").build(
        taught.backbone, taught.words["covering"]
    )

    back = loads_again_as_it_was_trained(student, taught, taught.words["covering"], tmp_path)

    assert back.config.num_hidden_layers == taught.backbone.layers // 2
    assert can_be_cut(read_config(taught.found.folder))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "knobs"),
    [
        (Slim, {"pick": "ends"}),
        (Slim, {"pick": "first", "width": 0.25}),
        (Scratch, {"width": 64, "heads": 4}),
        (Scratch, {"layers": 6, "width": 64, "vocabulary": "full"}),
        (Cut, {"keep": 0.75, "pick": "ends", "vocabulary": "full"}),
    ],
)
def test_other_students_load_again_as_they_were_trained(
    taught: Taught, kind: Any, knobs: dict[str, Any], tmp_path: Path
) -> None:
    member = kind(**knobs)
    words = taught.words[member.vocabulary]

    loads_again_as_it_was_trained(member.build(taught.backbone, words), taught, words, tmp_path)


def test_only_networks_that_take_words_in_place_of_ids_are_said_to_blend_them(
    taught: Taught,
) -> None:
    network = AutoModelForSequenceClassification.from_pretrained(taught.found.folder)
    network.config.pad_token_id = taught.words["full"].pad_id
    kind = network.config.model_type

    assert blends_words(network.config) == (kind not in ("gpt2", "qwen2", "longformer", "mpnet"))
    if kind in ("gpt2", "qwen2", "mpnet"):
        with pytest.raises(ValueError, match="mixup needs a network that takes embeddings"):
            check_takes_embeddings(network)
    elif kind != "longformer":  # which refuses them itself
        check_takes_embeddings(network)
