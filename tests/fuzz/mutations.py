"""Strategies: a good file with a few random damages, as bytes."""

from collections.abc import Sequence

from hypothesis import strategies as st

NASTY: tuple[bytes, ...] = (
    *(b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3\x28", b"\xed\xa0\xbd", b"\r", b"\r\n\n"),
    *(b"nan", b"inf", b"-1", b"-0.0", b"1e999", b"9" * 40, b"0x10", b"1_0", b"true", b"null"),
    *(b"[", b"]", b"{", b"}", b"[[x]]", b'"', b"'", b'"""', b"=", b",", b";", b"\t", b"\\", b"#"),
    *(b"../../x", b"/dev/null", b"<b>", b"[red]", b"%s", b"${HOME}", b"~", b" ", b"\n", b"."),
    *(
        "é".encode(),
        "\u202e".encode(),
        "\u2028".encode(),
        "👩‍👩‍👧".encode(),
        b"\\ud83d",
        b"1979-05-27",
    ),
)
DAMAGES = ("cut", "repeat", "insert", "replace", "end", "swap", "number", "word")


def damaged(good: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """One of these files with one to four damages; now and then nothing but noise."""
    damage = st.tuples(
        st.sampled_from(DAMAGES),
        st.floats(0, 1, exclude_max=True),
        st.integers(0, 40),
        st.sampled_from(NASTY),
    )
    changed = st.builds(
        _apply, st.sampled_from(list(good)), st.lists(damage, min_size=1, max_size=4)
    )
    return st.one_of(changed, changed, changed, changed, st.binary(max_size=200))


def _apply(data: bytes, damages: list[tuple[str, float, int, bytes]]) -> bytes:
    for kind, where, length, new in damages:
        at = int(where * len(data))
        data = _damage(data, kind, at, length, new)
    return data


def _damage(data: bytes, kind: str, at: int, length: int, new: bytes) -> bytes:
    end = at + length
    if kind == "cut":
        return data[:at] + data[end:]
    if kind == "repeat":
        return data[:end] + data[at:]
    if kind == "insert":
        return data[:at] + new + data[at:]
    if kind == "replace":
        return data[:at] + new + data[end:]
    if kind == "end":
        return data[:at]
    if kind == "swap":
        lines = data.split(b"\n")
        one, two = data[:at].count(b"\n"), length % len(lines)
        lines[one], lines[two] = lines[two], lines[one]
        return b"\n".join(lines)
    return _token(data, at, new, b"0123456789.-" if kind == "number" else WORD)


WORD = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_/"


def _token(data: bytes, at: int, new: bytes, letters: bytes) -> bytes:
    """The next number or word from here on replaced whole."""
    begin = next((i for i in range(at, len(data)) if data[i] in letters), len(data))
    end = next((i for i in range(begin, len(data)) if data[i] not in letters), len(data))
    return data[:begin] + new + data[end:]
