"""Encodings that bytes may be written in, other than UTF-8 and its wide siblings."""

import io
import re
import unicodedata

import chardet

COMMON = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257"),
    *("iso8859-2", "iso8859-5", "iso8859-7", "iso8859-9", "iso8859-15", "koi8-r", "mac-roman"),
    *("cp437", "cp850", "cp866", "cp932", "euc_jis_2004", "gb18030", "big5hkscs", "cp949"),
)
"""Encodings that tables are written in today, Windows' own before those that it extends."""
SAMPLE = 1 << 16
"""Bytes of lines with foreign characters that are looked at."""
NEAR = 0.7
"""Share of the likeliest encoding's confidence from which another may be meant, too."""
FAINT = 0.035
"""Confidence below which nothing is known but what is usual."""
USUAL = ("cp1252", "mac-roman")
MIXED = 0.2
"""Share of words in two scripts, or with symbols inside, above which a reading is none."""
TYPED = re.compile(
    rb"(?<=[A-Za-z])\x92(?=(?:s|t|re|ll|ve|d|m)\b)|(?<![A-Za-z\x80-\xff])[\x91\x93](?=[A-Za-z0-9])"
    rb"|(?<=[A-Za-z0-9.,!?])[\x92\x94](?![A-Za-z\x80-\xff])|(?<= )[\x96\x97](?= )"
    rb"|(?<=[A-Za-z0-9.,!?])\x85(?![A-Za-z\x80-\xff])|[\x80\xa3](?=\d)|(?<=\d)\xa0?\x80"
    rb"|(?<=[A-Za-z0-9])[\x99\xae]"
)
"""Quotes, dashes and signs of Windows-1252 where a person types them in English."""
INSIDE = re.compile("[a-z][\x80-\xb6\xb8-\xbf\xd7\xf7\u2020-\u203a\u20a0-\u2bff][a-z]")
"""Signs that do not stand between two letters; quotes, dashes and the Catalan dot do."""


def likely_encodings(data: bytes) -> tuple[str, ...]:
    """The encodings that may be meant, commonest first; those that read the same are one."""
    sample = _foreign_lines(data)
    if not re.search(rb"[\x80-\xff]", TYPED.sub(b"", sample)):
        return ("cp1252",)
    found = chardet.detect_all(
        sample, ignore_threshold=True, compat_names=False, include_encodings=COMMON
    )
    best = max((guess["confidence"] for guess in found), default=0.0)
    if best < FAINT:
        return tuple(n for n in USUAL if (t := _read(sample, n)) is not None and _is_plausible(t))
    texts = dict[str, str]()
    for guess in found:
        name, confidence = guess["encoding"], guess["confidence"]
        if name is None or confidence < NEAR * best:
            continue
        text = _read(sample, name)
        if text is None or not _is_plausible(text):
            continue
        if text not in texts:
            texts[text] = next(n for n in COMMON if _read(sample, n) == text)
    return tuple(sorted(texts.values(), key=COMMON.index))


def _foreign_lines(data: bytes) -> bytes:
    size, lines = 0, []
    for line in io.BytesIO(data):
        if line.isascii():
            continue
        lines.append(line[:SAMPLE])
        size += len(lines[-1])
        if size >= SAMPLE:
            break
    return b"".join(lines)


def _read(sample: bytes, encoding: str) -> str | None:
    try:
        return sample.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _is_plausible(text: str) -> bool:
    """Whether the foreign characters are letters and signs that stand where they may."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if not word.isascii()]
    odd = sum(len({_script(c) for c in word}) > 1 for word in words) + len(INSIDE.findall(text))
    hidden = any(unicodedata.category(c) in ("Cc", "Cn", "Co") for c in text if not c.isascii())
    return not hidden and odd <= MIXED * max(len(words), 1)


def _script(character: str) -> str:
    """LATIN for a and é, CYRILLIC for я; one script for all that Chinese and Japanese mix."""
    script = unicodedata.name(character, "NONE").split()[0]
    return "CJK" if script in ("HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HALFWIDTH") else script
