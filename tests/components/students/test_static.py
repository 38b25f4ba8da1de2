"""A student over static word vectors: its table, its mean, its folder, its knobs."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from autodistill.components.students import Backbone, Vocabulary
from autodistill.components.students._networks import read_config
from autodistill.components.students.static import INNER, SPREAD, Static, token_weights, word_table
from autodistill.registry import families

WIDTH = 48


@pytest.fixture(scope="session")
def known(backbone: Backbone, tmp_path_factory: pytest.TempPathFactory) -> Backbone:
    """The tiny teacher with vectors for all tokens, the first component being the largest."""
    place = tmp_path_factory.mktemp("vectors") / "vectors.npy"
    drawn = np.random.default_rng(0).normal(size=(read_config(backbone.folder).vocab_size, WIDTH))
    np.save(place, (drawn * np.linspace(3, 1, WIDTH)).astype(np.float16))
    return replace(backbone, word_vectors=place)


def made(known: Backbone, vocabulary: Vocabulary, /, **knobs: Any) -> Any:
    """Set to predict."""
    torch.manual_seed(0)
    return Static(**knobs).build(known, vocabulary).eval()


def batch() -> tuple[torch.Tensor, torch.Tensor]:
    """Three texts of 9, 5 and 2 tokens."""
    ids = torch.randint(5, 60, (3, 9), generator=torch.Generator().manual_seed(0))
    return ids, (torch.arange(9) < torch.tensor([9, 5, 2]).unsqueeze(1)).long()


def test_weights_are_those_of_model2vec() -> None:
    # model2vec 0.10.0: model2vec.distill.inference.compute_weights(5, 1e-4), and its first release:
    # log(1 + arange(5))
    sif = [0.00028992, 0.00043481, 0.00057966, 0.00072447, 0.00086924]
    zipf = [0.0, 0.69314718, 1.09861229, 1.38629436, 1.60943791]

    assert token_weights(5, "sif") == pytest.approx(sif, abs=6e-9)
    assert token_weights(5, "zipf") == pytest.approx(zipf)
    assert token_weights(5, "even").tolist() == [1.0] * 5


def test_a_table_by_hand() -> None:
    # weights log 1, log 2, log 3; deviations of the columns are of (2 log 2, -log 3) and (0, log 3)
    vectors = np.array([[5.0, 1.0, 7.0], [2.0, 0.0, 7.0], [-1.0, 1.0, 7.0]])
    keep = Path("unused")
    log2, log3 = np.log(2), np.log(3)

    table = word_table(vectors, Vocabulary(keep, None, 3, 0), 2, "zipf")

    rows = np.array([[0, 0], [2 * log2, 0], [-log3, log3]])
    expected = SPREAD * rows / np.std([0, 2 * log2, -log3])
    torch.testing.assert_close(table, torch.from_numpy(expected.astype(np.float32)))


def test_a_trimmed_table_has_the_rows_that_are_kept(
    known: Backbone, words: dict[str, Vocabulary]
) -> None:
    vocabulary = words["trimmed"]
    assert vocabulary.keep is not None
    assert known.word_vectors is not None
    keep, vectors = np.load(vocabulary.keep), np.load(known.word_vectors)

    table = made(known, vocabulary, width=32, weights="even").words.weight.detach()

    expected = vectors[keep, :32].astype(np.float32)
    scale = float(table[1, 0]) / expected[1, 0]
    torch.testing.assert_close(table, torch.from_numpy(scale * expected), rtol=1e-4, atol=1e-6)
    assert float(table.std(0, correction=0).max()) == pytest.approx(SPREAD, rel=1e-5)


def test_logits_are_a_linear_map_of_the_mean_vector(
    known: Backbone, words: dict[str, Vocabulary]
) -> None:
    student = made(known, words["full"], layers=0)
    ids = torch.tensor([[7, 9, 7, 30]])

    logits = student(input_ids=ids).logits[0]

    mean = (2 * student.words.weight[7] + student.words.weight[9] + student.words.weight[30]) / 4
    torch.testing.assert_close(
        logits, student.classifier.weight @ mean + student.classifier.bias, rtol=1e-5, atol=1e-6
    )


@pytest.mark.parametrize("layers", [0, 1])
def test_the_order_of_words_does_not_matter(
    known: Backbone, words: dict[str, Vocabulary], layers: int
) -> None:
    student, (ids, _) = made(known, words["full"], layers=layers), batch()

    turned = student(input_ids=ids[:, torch.randperm(9)]).logits

    torch.testing.assert_close(turned, student(input_ids=ids).logits, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("layers", [0, 1])
def test_a_token_s_state_is_that_of_a_text_of_it_alone(
    known: Backbone, words: dict[str, Vocabulary], layers: int
) -> None:
    student, (ids, _) = made(known, words["full"], layers=layers), batch()

    tokens = student(input_ids=ids, output_hidden_states=True).hidden_states[0]

    single = student(input_ids=ids[1:2, 3:4], output_hidden_states=True).hidden_states[1]
    torch.testing.assert_close(tokens[1, 3], single[0, 0])


@pytest.mark.parametrize("layers", [0, 1])
def test_padding_is_not_read_and_a_text_has_one_state(
    known: Backbone, words: dict[str, Vocabulary], layers: int
) -> None:
    student, (ids, mask) = made(known, words["full"], layers=layers), batch()

    together = student(input_ids=ids, attention_mask=mask, output_hidden_states=True)
    other_padding = student(input_ids=torch.where(mask.bool(), ids, 7), attention_mask=mask)
    alone = student(input_ids=ids[1:2, :5])

    assert torch.equal(together.logits, other_padding.logits)
    torch.testing.assert_close(together.logits[1], alone.logits[0])
    width = INNER if layers else WIDTH
    assert [s.shape for s in together.hidden_states] == [(3, 9, width)] * 2
    assert student.config.hidden_size == width
    assert torch.equal(together.hidden_states[1][:, 0], together.hidden_states[1][:, 8])


@pytest.mark.slow
def test_a_written_folder_opens_without_this_package(
    known: Backbone, words: dict[str, Vocabulary], tmp_path: Path
) -> None:
    student = made(known, words["trimmed"], layers=1)
    student.save_pretrained(tmp_path)
    script = (
        "import sys, torch; from transformers import AutoModelForSequenceClassification as A;"
        f"n = A.from_pretrained({str(tmp_path)!r}, trust_remote_code=True).eval();"
        "print(n(input_ids=torch.arange(6).unsqueeze(0)).logits.tolist()[0]); "
        "assert 'autodistill' not in sys.modules"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path, check=True
    )

    expected = student(input_ids=torch.arange(6).unsqueeze(0)).logits[0].detach()
    assert torch.tensor(eval(done.stdout)) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("knob", "value"),
    [
        ("width", 32),
        ("layers", 0),
        ("weights", "zipf"),
        ("weights", "even"),
        ("embeddings", "frozen"),
        ("vocabulary", "full"),
        ("dropout", 0.3),
    ],
)
def test_every_knob_changes_the_student(
    known: Backbone, words: dict[str, Vocabulary], knob: str, value: Any
) -> None:
    def traits(**knobs: Any) -> tuple[object, ...]:
        student = made(known, words[Static(**knobs).vocabulary], **knobs)
        rates = [m.p for m in student.modules() if isinstance(m, torch.nn.Dropout)]
        table = student.words.weight
        return (
            *table.shape,
            len(rates),
            rates[0],
            table.requires_grad,
            float(table.detach().abs().sum()),
        )

    assert traits(**{knob: value}) != traits()


def test_every_knob_is_tried_above() -> None:
    assert set(families.card("students", "static").knobs) == {
        *("width", "layers", "weights", "embeddings", "vocabulary", "dropout")
    }


def test_without_vectors_its_sizes_are_the_same(
    known: Backbone, backbone: Backbone, words: dict[str, Vocabulary]
) -> None:
    sizes = [
        {n: p.shape for n, p in made(b, words["covering"], width=32).named_parameters()}
        for b in (known, backbone)
    ]

    assert sizes[0] == sizes[1]
