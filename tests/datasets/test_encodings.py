"""Files that are no plain UTF-8: read and said, or answered with the encodings it may be."""

from pathlib import Path

import pytest

from autodistill.datasets import load
from autodistill.datasets._encoding import text_of
from autodistill.datasets._encoding_guess import likely_encodings
from autodistill.errors import DataError

from .conftest import Writer

SENTENCES = {
    "french": "Le café était très agréable, à côté de la forêt. Où est passé l'élève?",
    "polish": "Zażółć gęślą jaźń, świetny film. Bardzo źle zrobiony, śmieszność i żal",
    "russian": "Отличный фильм, очень понравился. Плохая игра актёров и скучный сюжет",
    "greek": "Πολύ καλή ταινία, μου άρεσε. Κακή ιστορία και βαρετή",
    "japanese": "とても良い映画でした。感動しました。ひどい話で退屈だった",
    "chinese": "非常好的电影\uff0c我很喜欢。糟糕的故事\uff0c太无聊了",
    "korean": "정말 좋은 영화였어요 추천합니다. 지루하고 재미없는 이야기",
    "english": "it\u2019s a “lovely” film \u2013 for €5… don\u2019t miss it",
}


def rows_of(sentence: str) -> str:
    """A CSV of 40 rows of this sentence."""
    return "text;label\n" + "".join(f"{sentence} {i};{'ab'[i % 2]}\n" for i in range(40))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
@pytest.mark.parametrize("language", ["french", "russian", "chinese", "english"])
def test_wide_characters_are_read_with_and_without_a_mark(
    write: Writer, encoding: str, language: str
) -> None:
    path = write("a.csv", rows_of(SENTENCES[language]).encode(encoding))

    task = load(str(path))

    assert task.train.first[0].startswith(SENTENCES[language])
    assert task.notes[0].startswith("a.csv is read as UTF-")


@pytest.mark.parametrize(
    ("language", "encoding", "said"),
    [
        ("english", "cp1252", "WINDOWS-1252"),
        ("french", "cp1252", "WINDOWS-1252"),
        ("french", "latin1", "WINDOWS-1252"),
        ("polish", "cp1250", "WINDOWS-1250"),
        ("russian", "cp1251", "WINDOWS-1251"),
        ("russian", "koi8-r", "KOI8-R"),
        ("greek", "cp1253", "WINDOWS-1253"),
        ("japanese", "shift-jis", "CP932"),
        ("japanese", "euc-jp", "EUC-JP"),
        ("chinese", "gb18030", "GB18030"),
        ("korean", "cp949", "CP949"),
    ],
)
def test_an_encoding_that_is_beyond_doubt_is_read_and_said(
    write: Writer, language: str, encoding: str, said: str
) -> None:
    path = write("a.csv", rows_of(SENTENCES[language]).encode(encoding))

    task = load(str(path))

    assert task.train.first[0].startswith(SENTENCES[language])
    assert f"a.csv is read as {said}" in task.notes


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("naïve résumé of a movie", "cp1252"),
        ("the café was nice", "cp1252"),
        ("El niño comió mañana", "latin1"),
        ("mañana en el jardín", "mac-roman"),
    ],
)
def test_an_encoding_in_doubt_is_among_those_proposed(text: str, encoding: str) -> None:
    data = rows_of(text).encode(encoding)

    proposed = likely_encodings(data)

    assert rows_of(text) in [data.decode(name) for name in proposed]


def test_the_proposal_tells_the_encodings_apart_by_a_word() -> None:
    data = rows_of("naïve résumé of a movie").encode("cp1252")

    with pytest.raises(DataError) as caught:
        text_of(data, Path("a.csv"))

    assert "iconv -f ENCODING -t UTF-8 a.csv > utf8-a.csv, where ENCODING is" in str(caught.value)
    assert "WINDOWS-1252 if 'naïve' is right" in str(caught.value)
    assert "WINDOWS-1250 if 'naďve' is right" in str(caught.value)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (rows_of("café").encode() + b"caf\xe9;a\n", "is UTF-8 but for 1 place: byte 0xe9"),
        (rows_of("café").encode() + b"caf\xc3", "ends within a character of UTF-8"),
        (rows_of("café").encode("utf-16")[:-1], "begins with the mark of UTF-16-LE, but byte 0x0a"),
    ],
)
def test_a_damaged_file_is_named_as_such(data: bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        text_of(data, Path("a.csv"))


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("it\x92s", "it may have been windows-1252, converted as if it were latin1"),
        ("itâ€™s cafÃ©", "it may have been UTF-8, converted as if it were latin1"),
        ("caf\ufffd", "letters were lost before"),
    ],
)
def test_traces_of_a_wrong_conversion_are_noted(write: Writer, text: str, note: str) -> None:
    task = load(str(write("a.csv", rows_of(text))))

    assert note in " ".join(task.notes)


def test_half_an_emoji_is_replaced_and_a_whole_one_kept(write: Writer) -> None:
    lines = [f'{{"text": "t {i} \\ud83d\\ude00", "label": {i % 2}}}' for i in range(40)]
    lines[4] = '{"text": "half \\ud83d", "label": 0}'

    task = load(str(write("a.jsonl", "\n".join(lines))))

    texts = {*task.train.first, *task.selection.first, *task.test.first}
    assert {"half \ufffd", "t 0 😀"} <= texts
    assert "a.jsonl: half a character (such as half an emoji) is replaced in row 5" in task.notes
