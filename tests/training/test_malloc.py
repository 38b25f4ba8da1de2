"""Memory is kept while a block runs, and given back after it."""

import ctypes
from typing import Any

import pytest

from autodistill.training.malloc import KEEPING, USUAL, kept_memory


class Library:
    """Notes what is asked of it."""

    def __init__(self) -> None:
        self.calls: list[tuple[int, ...]] = []

    def mallopt(self, setting: int, value: int) -> int:
        self.calls.append((setting, value))
        return 1

    def malloc_trim(self, pad: int) -> int:
        self.calls.append((pad,))
        return 1


def test_the_usual_settings_come_back_and_memory_is_returned_even_after_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    library = Library()
    monkeypatch.setattr(ctypes, "CDLL", lambda _: library)

    def use() -> None:
        with kept_memory():
            assert library.calls == list(KEEPING.items())
            raise ValueError("within")

    with pytest.raises(ValueError, match="within"):
        use()
    assert library.calls == [*KEEPING.items(), *USUAL.items(), (0,)]


def test_another_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[Any] = []
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())

    with kept_memory():
        ran.append(1)

    assert ran == [1]


def test_glibc_takes_every_value() -> None:
    library = ctypes.CDLL(None)
    if not hasattr(library, "mallopt"):
        pytest.skip("no glibc")

    assert [
        library.mallopt(setting, value)
        for values in (KEEPING, USUAL)
        for setting, value in values.items()
    ] == [1] * 6
