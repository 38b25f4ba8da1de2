"""A teacher's tokenizer: every kind that Transformers loads, and whether it fits the network."""

import io
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from transformers import AutoTokenizer, BertweetTokenizer

from autodistill.components.teachers import _tokenizer, find
from autodistill.datasets import Rows
from autodistill.datasets._tables import TokenTable
from autodistill.errors import TeacherError
from autodistill.prepare.tokens import tokenize, tokenizer_key, vocabularies
from tests.architectures import byte_tokenizer, tiny_classifier
from tests.fakes import sentences

ROWS = Rows(tuple(t for t, _ in sentences(20)), None, np.zeros(20, dtype=np.int64))


@pytest.fixture
def folder(teacher: Path, tmp_path: Path) -> Path:
    """A copy of the tiny teacher that a test may break."""
    return Path(shutil.copytree(teacher, tmp_path / "mine"))


def in_files(kind: str, folder: Path) -> Path:
    """A classifier of this kind whose tokenizer lies in files of its own, as older ones do."""
    tiny_classifier(folder, kind)
    model = json.loads((folder / "tokenizer.json").read_text())["model"]
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (folder / name).unlink()
    if kind == "bert":
        (folder / "vocab.txt").write_text("\n".join(model["vocab"]))
        return folder
    (folder / "vocab.json").write_text(json.dumps(model["vocab"]))
    (folder / "merges.txt").write_text("\n".join(" ".join(m) for m in model["merges"]))
    return folder


@pytest.mark.parametrize("kind", ["bert", "gpt2"])
def test_a_tokenizer_without_the_one_file_is_read_as_transformers_reads_it(
    kind: str, tmp_path: Path
) -> None:
    folder = in_files(kind, tmp_path)

    assert find(str(folder)).label_names == ("neg", "pos", "so")
    made = vocabularies(folder, ROWS, 64, tmp_path / "home")
    table = TokenTable.open(tokenize(made["trimmed"].folder, ROWS, 64, tmp_path / "home"))
    expected = AutoTokenizer.from_pretrained(folder)(list(ROWS.first))["input_ids"]
    keep = np.load(str(made["trimmed"].keep))
    assert [keep[table.batch(np.array([n]))[0][0]].tolist() for n in range(20)] == expected


@pytest.mark.parametrize(
    ("kind", "name", "own"),
    [
        (
            "albert",
            "spiece.model",
            {"pad_id": 0, "unk_id": 1, "bos_id": -1, "eos_id": -1, "pad_piece": "<pad>"}
            | {"control_symbols": "[CLS],[SEP],[MASK]"},
        ),
        ("xlm-roberta", "sentencepiece.bpe.model", {}),
    ],
)
def test_a_sentencepiece_model_alone_is_read(
    kind: str, name: str, own: dict[str, object], tmp_path: Path
) -> None:
    trainer = pytest.importorskip("sentencepiece").SentencePieceTrainer
    pytest.importorskip("google.protobuf")
    written = io.BytesIO()
    sizes = {"vocab_size": 55, "minloglevel": 2} | own
    trainer.train(sentence_iterator=iter(ROWS.first * 5), model_writer=written, **sizes)
    folder = tiny_classifier(tmp_path, kind)
    for file in ("tokenizer.json", "tokenizer_config.json"):
        (folder / file).unlink()
    (folder / name).write_bytes(written.getvalue())

    assert find(str(folder)).label_names == ("neg", "pos", "so")
    table = TokenTable.open(tokenize(folder, ROWS, 64, tmp_path / "home"))
    expected = AutoTokenizer.from_pretrained(folder)(ROWS.first[0])["input_ids"]
    assert table.batch(np.array([0]))[0][0].tolist() == expected
    assert len(set(expected)) > 5


def test_a_sentencepiece_model_that_nothing_reads_names_the_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tiny_classifier(tmp_path, "albert")
    for file in ("tokenizer.json", "tokenizer_config.json"):
        (folder / file).unlink()
    (folder / "spiece.model").write_bytes(b"no model")
    monkeypatch.setattr(_tokenizer, "_reads_models", lambda: False)

    with pytest.raises(TeacherError, match=r"pip install sentencepiece protobuf"):
        find(str(folder))


def test_tokenizers_in_other_files_are_told_apart(tmp_path: Path) -> None:
    folder = in_files("gpt2", tmp_path)
    before = tokenizer_key(folder)

    (folder / "merges.txt").write_text("")

    assert tokenizer_key(folder) != before


def test_a_tokenizer_written_in_python_keeps_its_whole_vocabulary(
    folder: Path, tmp_path: Path
) -> None:
    words = sorted({w for text in ROWS.first for w in text.split()})
    source = tmp_path / "words"
    source.mkdir()
    (source / "vocab.txt").write_text("\n".join(f"{w} 1" for w in words))
    (source / "bpe.codes").write_text("#version: 0.2\n")
    python = BertweetTokenizer(str(source / "vocab.txt"), str(source / "bpe.codes"))
    (folder / "tokenizer.json").unlink()
    python.save_pretrained(folder)

    assert find(str(folder)).label_names == ("neg", "pos")
    made = vocabularies(folder, ROWS, 64, tmp_path / "home")
    assert made["covering"] == made["trimmed"] == made["full"]
    table = TokenTable.open(tokenize(folder, ROWS, 64, tmp_path / "home"))
    assert table.batch(np.array([3]))[0][0].tolist() == python(ROWS.first[3])["input_ids"]


def test_more_tokens_than_the_network_knows_are_told_with_both_numbers(folder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    before = len(tokenizer)
    tokenizer.add_tokens(["[USER]", "[URL]"])
    tokenizer.save_pretrained(folder)

    with pytest.raises(
        TeacherError,
        match=rf"has {before + 2} tokens, its network {before}: '\[URL\]', '\[USER\]' would be",
    ):
        find(str(folder))


def test_a_tokenizer_that_is_none_is_told(folder: Path) -> None:
    (folder / "tokenizer.json").write_text("{}")

    with pytest.raises(TeacherError, match=r"holds no tokenizer \(tokenizer\.json cannot be read"):
        find(str(folder))


def test_files_of_another_kind_of_tokenizer_are_told(tmp_path: Path) -> None:
    tiny_classifier(tmp_path, "roberta")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (tmp_path / name).unlink()
    (tmp_path / "vocab.txt").write_text("a\nb")

    with pytest.raises(
        TeacherError, match=r"holds no tokenizer: RobertaTokenizer reads .*vocab\.json"
    ):
        find(str(tmp_path))


def test_code_beside_a_tokenizer_is_never_run(folder: Path) -> None:
    place = folder / "tokenizer_config.json"
    own = {"auto_map": {"AutoTokenizer": ["mine.MyTokenizer", None]}, "tokenizer_class": "Mine"}
    place.write_text(json.dumps(json.loads(place.read_text()) | own))
    (folder / "mine.py").write_text("raise SystemExit('this code was run')")

    assert find(str(folder)).label_names == ("neg", "pos")


def test_rows_are_filled_up_with_the_end_of_a_text_where_there_is_no_token_for_it(
    tmp_path: Path,
) -> None:
    table = TokenTable.open(tokenize(byte_tokenizer(tmp_path), ROWS, 64, tmp_path / "home"))

    assert table.pad_id == AutoTokenizer.from_pretrained(tmp_path).eos_token_id
