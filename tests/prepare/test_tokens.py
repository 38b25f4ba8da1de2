"""Texts become token tables once, with the ids that the tokenizer gives."""

import time
from pathlib import Path

import numpy as np
import pytest
from transformers import AutoTokenizer

from autodistill.datasets import Rows
from autodistill.datasets._tables import TokenTable
from autodistill.prepare import tokens
from autodistill.prepare.tokens import covering, tokenize, tokenizer_key, vocabularies

TEXTS = ("the film was great", "bad", "a very long story of some day and night it felt")
LABELS = np.zeros(3, dtype=np.int64)


def test_each_row_has_the_ids_of_the_tokenizer(teacher: Path, tmp_path: Path) -> None:
    table = TokenTable.open(tokenize(teacher, Rows(TEXTS, None, LABELS), 64, tmp_path))

    tok = AutoTokenizer.from_pretrained(teacher)
    for row, text in enumerate(TEXTS):
        assert table.batch(np.array([row]))[0][0].tolist() == tok(text)["input_ids"]
    assert table.pad_id == tok.pad_token_id


def test_pairs_carry_their_segments(teacher: Path, tmp_path: Path) -> None:
    table = TokenTable.open(tokenize(teacher, Rows(TEXTS, TEXTS[::-1], LABELS), 64, tmp_path))

    coded = AutoTokenizer.from_pretrained(teacher)(TEXTS[0], TEXTS[2], return_token_type_ids=True)
    ids, _, types = table.batch(np.array([0]))
    assert ids[0].tolist() == coded["input_ids"]
    assert types[0].tolist() == coded["token_type_ids"]
    assert set(types[0].tolist()) == {0, 1}


def test_texts_are_cut_at_the_length(teacher: Path, tmp_path: Path) -> None:
    table = TokenTable.open(tokenize(teacher, Rows(TEXTS, None, LABELS), 6, tmp_path))

    # words and the two specials: 4 + 2, 1 + 2, 11 + 2, cut at 6
    assert table.lengths.tolist() == [6, 3, 6]


@pytest.mark.parametrize(
    "text",
    [
        "the film was great " * 400,
        "a@" * 4_000,
        "x" * 8_000 + " good film",
        " " * 8_000 + "good film",
        "good" + "\u200b" * 8_000 + " film",
    ],
)
def test_of_a_very_long_text_the_first_tokens_are_the_same(
    teacher: Path, tmp_path: Path, text: str
) -> None:
    table = TokenTable.open(tokenize(teacher, Rows((text, "bad"), None, LABELS[:2]), 8, tmp_path))

    coded = AutoTokenizer.from_pretrained(teacher)(text, truncation=True, max_length=8)
    ids, mask, _ = table.batch(np.array([0]))
    assert ids[0][mask[0] == 1].tolist() == coded["input_ids"]


def test_a_million_characters_are_tokenized_within_a_second(teacher: Path, tmp_path: Path) -> None:
    rows = Rows(("a@" * 500_000,), None, LABELS[:1])

    begin = time.process_time()
    tokenize(teacher, rows, 64, tmp_path)

    assert time.process_time() - begin < 1


def test_the_same_texts_are_not_tokenized_again_but_other_lengths_are(
    teacher: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = Rows(TEXTS, None, LABELS)
    first, shorter = tokenize(teacher, rows, 64, tmp_path), tokenize(teacher, rows, 6, tmp_path)
    monkeypatch.setattr(
        AutoTokenizer,
        "from_pretrained",
        lambda *_, **__: pytest.fail("the tokenizer was loaded again"),
    )

    assert tokenize(teacher, Rows(TEXTS, None, LABELS + 1), 64, tmp_path) == first != shorter


def test_the_trimmed_vocabulary_gives_the_same_rows_in_fewer_ids(
    teacher: Path, tmp_path: Path
) -> None:
    rows = Rows(TEXTS, None, LABELS)
    made = vocabularies(teacher, rows, 64, tmp_path)
    assert made["trimmed"].keep is not None
    keep = np.load(made["trimmed"].keep)

    full = TokenTable.open(tokenize(made["full"].folder, rows, 64, tmp_path))
    trimmed = TokenTable.open(tokenize(made["trimmed"].folder, rows, 64, tmp_path))

    np.testing.assert_array_equal(keep[trimmed.ids], full.ids)
    assert (made["trimmed"].size, made["trimmed"].pad_id) == (len(keep), trimmed.pad_id)
    assert (made["full"].keep, made["full"].pad_id) == (None, full.pad_id)
    assert made["full"].size == len(AutoTokenizer.from_pretrained(teacher))


def test_a_covering_vocabulary_takes_in_the_first_tokens_until_new_text_is_covered() -> None:
    used, new = (
        np.array([50, 70], dtype=np.int32),
        np.array([50] * 295 + [10, 20, 30, 40, 60], dtype=np.int32),
    )

    # 5 of 300 are missing, 3 may be: the two with the lowest numbers come in
    assert covering(used, new).tolist() == [*range(21), 50, 70]
    assert covering(used, new[:298]).tolist() == [
        *range(11),
        50,
        70,
    ]  # 3 of 298 are missing, 2 may be
    assert covering(used, new[:297]).tolist() == [50, 70]  # 2 of 297
    assert covering(used, new[:0]).tolist() == [50, 70]


def test_held_out_rows_add_to_the_covering_vocabulary_alone(teacher: Path, tmp_path: Path) -> None:
    rows = Rows((*TEXTS, "dull lovely"), None, np.zeros(4, dtype=np.int64))

    made, before = (
        vocabularies(teacher, rows, 64, tmp_path, held_out=1),
        vocabularies(teacher, rows.take(range(3)), 64, tmp_path),
    )

    assert made["trimmed"] == before["trimmed"] == before["covering"]
    assert made["trimmed"].size < made["covering"].size <= made["full"].size
    assert made["covering"].keep is not None
    full = TokenTable.open(tokenize(teacher, rows, 64, tmp_path)).ids
    ours = TokenTable.open(tokenize(made["covering"].folder, rows, 64, tmp_path)).ids
    np.testing.assert_array_equal(np.load(made["covering"].keep)[ours], full)


def test_the_key_of_a_tokenizer_is_its_content(teacher: Path, tmp_path: Path) -> None:
    text = (teacher / "tokenizer.json").read_text()
    (tmp_path / "tokenizer.json").write_text(text)
    assert tokens.tokenizer_key(tmp_path) == tokenizer_key(teacher)

    (tmp_path / "tokenizer.json").write_text(text.replace("lovely", "lively"))
    assert tokenizer_key(tmp_path) != tokenizer_key(teacher)
