"""Text of bytes: UTF-8, or the encoding that the bytes show beyond doubt."""

import codecs
import re
from pathlib import Path

from autodistill.datasets._encoding_guess import likely_encodings
from autodistill.datasets._text import HALF, whole
from autodistill.errors import DataError

MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte-order marks; UTF-32's begins with that of UTF-16."""
WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
SAMPLE = 1 << 16
"""Bytes that are looked at for NULs."""
ICONV = {"mac-roman": "MACINTOSH", "euc_jis_2004": "EUC-JP", "big5hkscs": "BIG5-HKSCS"}
"""Names that differ from Python's."""
REPLACED = "\ufffd"
DAMAGE = (
    (
        re.compile("[\x80-\x84\x86-\x9f]"),
        "it may have been windows-1252, converted as if it were latin1",
    ),
    (
        re.compile(
            "\xc2[\xa0-\xbf]|\xc3[\x80-\xbf\u0152-\u0178\u2018-\u203a]|\xe2\u20ac[\u2018-\u2122]"
        ),
        "it may have been UTF-8, converted as if it were latin1 or windows-1252",
    ),
    (re.compile(REPLACED), "letters were lost before, where it was read in a wrong encoding"),
)
"""Characters that a wrong conversion leaves, and which one it was."""


def text_of(data: bytes, path: Path) -> tuple[str, tuple[str, ...]]:
    """The text, and a note on what was read otherwise than as plain UTF-8.

    Raises DataError with the encodings that may be meant.
    """
    for mark, name in MARKS:
        if data.startswith(mark):
            return _marked(data.removeprefix(mark), name, path, len(mark))
    if (wide := _wide(data)) is not None:
        return _said(wide[0], path, wide[1])
    try:
        return _said(data.decode("utf-8", "surrogatepass"), path)
    except UnicodeDecodeError as error:
        _refuse_damaged(data, error, path)
        return _guessed(data, error, path)


def _said(text: str, path: Path, encoding: str = "") -> tuple[str, tuple[str, ...]]:
    notes = [f"{path.name} is read as {_label(encoding)}"] if encoding else []
    if HALF.search(text) is not None:
        notes.append(f"{path.name}: half a character is replaced ({len(HALF.findall(text))} times)")
    notes += [
        f"{path.name} has {len(found)} characters such as {found[0]!r}: {why}"
        for signs, why in DAMAGE
        if len(found := signs.findall(text)) > 0
    ]
    return whole(text).lstrip("\ufeff"), tuple(notes)


def _marked(data: bytes, name: str, path: Path, before: int) -> tuple[str, tuple[str, ...]]:
    try:
        text = data.decode(name, "surrogatepass")
    except UnicodeDecodeError as error:
        at = error.start + before
        raise DataError(
            f"{path} begins with the mark of {_label(name)}, but byte 0x{data[error.start]:02x} at "
            f"offset {at} (line {_line(data, error.start)}) is not {_label(name)}; the file may be "
            "cut or put together of two: write it again as UTF-8."
        ) from error
    return _said(text, path, "" if name == "utf-8" else name)


def _wide(data: bytes) -> tuple[str, str] | None:
    """The text and encoding of UTF-16 or UTF-32 without a mark: it has lines and no NUL."""
    if b"\0" not in data[:SAMPLE]:
        return None
    for name in WIDE:
        try:
            text = data.decode(name, "surrogatepass")
        except UnicodeDecodeError:
            continue
        if "\n" in text and "\0" not in text and any(mark in text for mark in ",;\t|{"):
            return text, name
    return None


def _refuse_damaged(data: bytes, error: UnicodeDecodeError, path: Path) -> None:
    """Raises DataError for UTF-8 with a few bytes that are none."""
    if error.reason == "unexpected end of data":
        raise DataError(
            f"{path} ends within a character of UTF-8 (line {_line(data, error.start)}); it may be "
            "cut: copy it again."
        )
    text = data.decode("utf-8", "replace")
    wrong = text.count(REPLACED) - data.count(REPLACED.encode())
    right = sum(1 for _ in re.finditer(r"[^\x00-\x7f\ufffd]", text))
    if right <= wrong:
        return
    raise DataError(
        f"{path} is UTF-8 but for {wrong} place{'s' * (wrong > 1)}: {_place(data, error)}; it is "
        "damaged, or put together of files in two encodings. Correct it there, or drop these "
        f"bytes: iconv -c -f UTF-8 -t UTF-8 {path.name} > utf8-{path.name}"
    )


def _guessed(data: bytes, error: UnicodeDecodeError, path: Path) -> tuple[str, tuple[str, ...]]:
    """The text in the one encoding that fits; raises DataError where several may be meant."""
    likely = likely_encodings(data)
    if len(likely) == 1:
        try:
            return _said(data.decode(likely[0]), path, likely[0])
        except UnicodeDecodeError:
            likely = ()
    where = (
        ""
        if not likely
        else ", where ENCODING is "
        + ", ".join(
            f"{_label(name)} if '{_word(data, error.start, name)}' is right" for name in likely
        )
    )
    raise DataError(
        f"{path} is not UTF-8: {_place(data, error)}; convert it from the encoding that it was "
        f"written in: iconv -f ENCODING -t UTF-8 {path.name} > utf8-{path.name}{where}."
    )


def _place(data: bytes, error: UnicodeDecodeError) -> str:
    byte = data[error.start]
    return f"byte 0x{byte:02x} at offset {error.start} (line {_line(data, error.start)})"


def _line(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1


def _word(data: bytes, at: int, encoding: str) -> str:
    """The word around a byte, as this encoding reads it."""
    before, after = data[max(0, at - 20) : at], data[at : at + 20]
    begin, rest = (re.split(r'[\s,;"]', p.decode(encoding, "ignore")) for p in (before, after))
    return begin[-1] + rest[0]


def _label(encoding: str) -> str:
    """The name that people and iconv use."""
    if encoding in ICONV:
        return ICONV[encoding]
    return re.sub(r"^cp(125\d)$", r"windows-\1", encoding).upper().replace("_", "-")
