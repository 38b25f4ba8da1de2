"""A written folder is read by older versions of Transformers, by tokenizers and by torch alone."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from transformers import AutoModelForSequenceClassification

from autodistill.components.students import Backbone, Vocabulary
from autodistill.components.students._pixels import Look
from autodistill.deploy.folder import write_folder
from autodistill.deploy.names import PLAIN
from autodistill.deploy.older import needs_version_5, write_config, write_tokenizer_settings
from autodistill.registry import families
from tests.architectures import LABELS, OWN, tiny_classifier
from tests.fakes import sentences

LONG = "good film " * 3000
TEXTS = [text for text, _ in sentences(5, seed=3)]
SHAPES: dict[str, tuple[str, dict[str, Any]]] = {
    "static": ("static", {"layers": 1}),
    "static without a hidden layer": ("static", {"layers": 0}),
    "bag": ("bag", {"layers": 2}),
    "text_cnn": ("text_cnn", {"layers": 2, "width": 32}),
    "bilstm": ("bilstm", {"layers": 2, "width": 32}),
}


def written(folder: Path, source: Path, student: str, knobs: dict[str, Any]) -> Any:
    """A student with random weights in `folder`; the network itself."""
    read = json.loads((source / "config.json").read_text())
    words = Vocabulary(source, None, read["vocab_size"], read["pad_token_id"])
    backbone = Backbone.of(source, LABELS, (0, 1, 2))
    network: Any = families.build("students", student, knobs).build(backbone, words)
    folder.mkdir()
    write_folder(folder, network.eval(), source, 16)
    return network


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny BERT with its tokenizer."""
    return tiny_classifier(tmp_path_factory.mktemp("bert"), "bert")


@pytest.fixture(scope="module")
def cut(bert: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A student cut from it, in its folder."""
    folder = tmp_path_factory.mktemp("cut") / "student"
    written(folder, bert, "cut", {"keep": 0.5})
    return folder


def test_the_tokenizer_s_settings_are_those_that_version_4_knows(cut: Path) -> None:
    said = json.loads((cut / "tokenizer_config.json").read_text())

    assert said["tokenizer_class"] == "PreTrainedTokenizerFast"
    assert said["model_input_names"] == ["input_ids", "token_type_ids", "attention_mask"]
    assert said["model_max_length"] == 16
    assert not {"backend", "is_local", "local_files_only"} & said.keys()


def test_tokenizers_alone_cuts_long_texts_and_fills_up_short_ones(cut: Path) -> None:
    read = Tokenizer.from_file(str(cut / "tokenizer.json"))

    long, short = read.encode_batch([LONG, "good film"])

    assert len(long.ids) == len(short.ids) == 16
    assert sum(short.attention_mask) == 4


def test_a_network_without_types_of_tokens_gets_none(tmp_path: Path) -> None:
    source = tiny_classifier(tmp_path / "distilbert", "distilbert")

    written(tmp_path / "student", source, "cut", {"keep": 0.5})

    said = json.loads((tmp_path / "student" / "tokenizer_config.json").read_text())
    assert said["model_input_names"] == ["input_ids", "attention_mask"]


def test_more_special_tokens_are_named_as_version_4_names_them(cut: Path, tmp_path: Path) -> None:
    for name in ("config.json", "tokenizer_config.json"):
        (tmp_path / name).write_text((cut / name).read_text())
    path = tmp_path / "tokenizer_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"extra_special_tokens": ["<a>"]}))

    write_tokenizer_settings(tmp_path, ("input_ids",), fast=False)

    said = json.loads(path.read_text())
    assert said["additional_special_tokens"] == ["<a>"]
    assert "extra_special_tokens" not in said


def test_rotary_positions_have_the_key_of_version_4(tmp_path: Path) -> None:
    source = tiny_classifier(tmp_path / "qwen2", "qwen2", OWN["qwen2"] | {"rope_theta": 5000.0})

    written(tmp_path / "student", source, "cut", {"keep": 0.5})

    assert json.loads((tmp_path / "student" / "config.json").read_text())["rope_theta"] == 5000.0


@pytest.mark.parametrize(
    ("kinds", "every"), [("fs", 2), ("ff", 1), ("fssf", 3), ("fsss", 4), ("sf", None)]
)
def test_an_order_of_attention_layers_that_version_4_cannot_express_is_noticed(
    tmp_path: Path, kinds: str, every: int | None
) -> None:
    named = [{"f": "full_attention", "s": "sliding_attention"}[kind] for kind in kinds]
    (tmp_path / "config.json").write_text(
        json.dumps({"model_type": "modernbert", "layer_types": named})
    )

    write_config(tmp_path)

    said = json.loads((tmp_path / "config.json").read_text())
    assert said.get("global_attn_every_n_layers") == every
    assert needs_version_5(tmp_path) == (every is None)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_network_of_our_own_gives_the_same_logits_by_torch_alone(
    bert: Path, tmp_path: Path, shape: str
) -> None:
    network = written(tmp_path / "student", bert, *SHAPES[shape])
    plain = plain_network(tmp_path / "student")

    ids, mask = plain.read([LONG, *TEXTS])

    with torch.inference_mode():
        expected = network(input_ids=ids, attention_mask=mask).logits
        found = plain(ids, mask)
    np.testing.assert_allclose(found.numpy(), expected.numpy(), atol=1e-6)
    assert plain.predict(TEXTS) == [LABELS[i] for i in expected[1:].argmax(1)]


def test_a_perceptron_reads_images_by_torch_alone(tmp_path: Path) -> None:
    images = np.random.default_rng(0).integers(0, 256, (4, 8, 8, 3)).astype(np.uint8)
    source, folder = tmp_path / "source", tmp_path / "student"
    for place in (source, folder):
        place.mkdir()
    look = Look.fitting(images)
    look.write(source)
    made = families.build("students", "perceptron", {"layers": 2})
    network: Any = made.build(Backbone(source, LABELS, (), 2, 32), Vocabulary(source, None, 0, 0))
    write_folder(folder, network.eval(), source, 0)

    found = plain_network(folder)(*plain_network(folder).read(list(images)))

    shares = torch.from_numpy(images / 255).float()
    pixels = (shares - torch.tensor(look.mean)) / torch.tensor(look.deviation)
    expected = network(pixel_values=pixels.permute(0, 3, 1, 2)).logits
    np.testing.assert_allclose(found.detach().numpy(), expected.detach().numpy(), atol=1e-6)
    assert len((folder / PLAIN).read_text().splitlines()) <= 60


def plain_network(folder: Path) -> Any:
    """The network that modeling.py in a folder loads."""
    spec = importlib.util.spec_from_file_location("modeling", folder / PLAIN)
    assert spec is not None
    assert spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Network.load(str(folder))


@pytest.mark.parametrize("shape", SHAPES)
def test_the_code_by_torch_alone_has_at_most_sixty_lines_and_no_word_of_this_package(
    bert: Path, tmp_path: Path, shape: str
) -> None:
    written(tmp_path / "student", bert, *SHAPES[shape])

    text = (tmp_path / "student" / PLAIN).read_text()

    assert len(text.splitlines()) <= 60
    assert "autodistill" not in text
    assert "transformers" not in text


def test_a_network_that_transformers_has_gets_no_code(cut: Path) -> None:
    assert list(cut.glob("*.py")) == []
    assert AutoModelForSequenceClassification.from_pretrained(cut).num_labels == 3
