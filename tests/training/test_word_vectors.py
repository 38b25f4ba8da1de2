"""Word vectors of an encoder, against a naive loop and scikit-learn."""

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from transformers import (
    AutoModel,
    AutoTokenizer,
    CanineConfig,
    CanineForSequenceClassification,
)

from autodistill.components.students._reader import open_tokenizer
from autodistill.errors import TeacherError
from autodistill.runtime.device import CPU
from autodistill.training.word_vectors import around, word_vectors
from tests.architectures import OWN, tiny_classifier


def vectors(folder: Path, most: int = 8) -> NDArray[np.float16]:
    """In float32, without a bar."""
    return word_vectors(folder, most, device=CPU, tick=lambda *_: None)


def test_they_are_principal_components_of_the_first_and_last_state_of_each_word(
    teacher: Path,
) -> None:
    tokenizer, network = AutoTokenizer.from_pretrained(teacher), AutoModel.from_pretrained(teacher)
    words = [t for t in sorted(tokenizer.get_vocab()) if t not in tokenizer.all_special_tokens]
    first, last = [], []
    with torch.inference_mode():
        for word in words:
            ids = tokenizer.convert_tokens_to_ids(["[CLS]", word, "[SEP]"])
            states = network.eval()(
                input_ids=torch.tensor([ids]), output_hidden_states=True
            ).hidden_states
            first.append(states[0][0, 1].numpy())
            last.append(states[-1][0, 1].numpy())
    joined = np.hstack([x / np.std(x, 0).mean() for x in (first, last)])
    expected = PCA(8).fit_transform(joined)

    found = vectors(teacher).astype(np.float64)

    of_words = found[tokenizer.convert_tokens_to_ids(words)]
    np.testing.assert_allclose(np.abs(of_words), np.abs(expected), rtol=2e-3, atol=2e-3)
    products = (of_words @ of_words.T, expected @ expected.T)  # a component's sign is free
    np.testing.assert_allclose(*products, rtol=5e-3, atol=5e-2)
    assert not found[tokenizer.all_special_ids].any()


def test_a_component_more_changes_no_other(teacher: Path) -> None:
    np.testing.assert_array_equal(vectors(teacher, 8)[:, :5], vectors(teacher, 5))


def test_a_new_head_draws_no_number_of_the_trials(teacher: Path) -> None:
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)

    vectors(teacher)

    assert torch.equal(torch.rand(1), expected)


@pytest.mark.parametrize("kind", OWN)
def test_any_architecture_reads_its_words(kind: str, tmp_path: Path) -> None:
    folder = tiny_classifier(tmp_path, kind)
    tokenizer = open_tokenizer(folder)

    found = vectors(folder)

    assert found.shape == (len(tokenizer), 8)
    assert np.isfinite(found).all()
    words = set(range(len(tokenizer))) - set(tokenizer.all_special_ids)
    assert found[sorted(words)].any(1).all()
    before, after = around(tokenizer)
    assert [*before, *tokenizer("so", add_special_tokens=False)["input_ids"], *after] == (
        tokenizer("so")["input_ids"]
    )


def test_words_that_are_no_numbers_are_refused(teacher: Path, tmp_path: Path) -> None:
    network = AutoModel.from_pretrained(teacher)
    with torch.no_grad():
        network.get_input_embeddings().weight[9] = torch.nan
    network.save_pretrained(tmp_path)
    AutoTokenizer.from_pretrained(teacher).save_pretrained(tmp_path)

    with pytest.raises(TeacherError, match=r"reads 1 of its \d+ words as no numbers.*'static'"):
        vectors(tmp_path)


def test_a_network_of_characters_is_refused(tmp_path: Path) -> None:
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    CanineForSequenceClassification(
        CanineConfig(**sizes, intermediate_size=16, num_hash_buckets=16)
    ).save_pretrained(tmp_path)

    with pytest.raises(TeacherError, match=r"\(CanineForSeq.*\) reads characters.*'static' out"):
        vectors(tmp_path)
