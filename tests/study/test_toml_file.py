"""Malformed TOML files of every kind: one message, with all faults where there are several."""

import time
from pathlib import Path

import pytest

from autodistill.errors import SpecError
from autodistill.report.build import read_dashboard
from autodistill.search.campaign_plan import read_plan
from autodistill.study.recipe import Recipe
from autodistill.study.space_file import read_space

READERS = {
    "space": read_space,
    "dashboard": lambda path: read_dashboard(str(path)),
    "plan": read_plan,
    "recipe": Recipe.load,
}
NOT_TOML = {
    "UTF-16": "about = 'x'\n".encode("utf-16"),
    "UTF-32": "about = 'x'\n".encode("utf-32"),
    "Windows-1252": "about = 'caf\xe9'\n".encode("cp1252"),
    "binary": bytes(range(256)),
    "zeros": bytes(64),
    "half a line": b"about = ",
    "a table twice": b"[a]\n[a]\n",
    "a long number": b"a = " + b"9" * 5000,
    "deep lists": b"a = " + b"[" * 100_000,
    "half an emoji": b'a = "\\ud83d"',
    "JSON": b'{"about": "x"}',
}


@pytest.mark.parametrize("content", NOT_TOML.values(), ids=NOT_TOML)
@pytest.mark.parametrize("kind", READERS)
def test_what_is_no_toml_is_one_message(kind: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes(content)

    with pytest.raises(SpecError, match=r"mine\.toml is not valid TOML: ") as caught:
        READERS[kind](tmp_path / "mine.toml")

    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("kind", ["space", "plan", "recipe"])
def test_a_folder_in_place_of_a_file_is_one_message(kind: str, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").mkdir()

    with pytest.raises(SpecError, match=r"mine\.toml cannot be read: is a directory"):
        READERS[kind](tmp_path / "mine.toml")


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes(b"\xef\xbb\xbfabout = 'x'\n")

    assert read_space(tmp_path / "mine.toml").about == "x"


RANGES = {
    "NaN": ("temperature = [nan, 4.0]", "nan is not a number"),
    "infinite": ("temperature = [1.0, inf]", "inf is not a number"),
    "far too large": (f"temperature = 0x{'f' * 5000}", "thousands of digits"),
    "large": (f"temperature = {'9' * 400}", "is outside"),
    "turned round": ("temperature = [4.0, 2.0]", "from high to low"),
    "empty": ("temperature = []", r"\[\] is not \[low, high\]"),
    "one end": ("temperature = [2.0]", "is not"),
    "three ends": ("temperature = [1.0, 2.0, 3.0]", "is not"),
    "text": ("temperature = 'warm'", "'warm' is not"),
    "truth": ("temperature = true", "True is not a number"),
    "a table": ("temperature = {low = 1}", "is not"),
    "a hundred thousand": (f"temperature = [{'1.0,' * 100_000}]", "is not"),
}


@pytest.mark.parametrize(("line", "said"), RANGES.values(), ids=RANGES)
def test_a_range_that_is_none_is_one_short_message(line: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(f"[logit.kl]\n{line}\n")

    with pytest.raises(SpecError, match=rf"mine\.toml: logit\.kl\.temperature: .*{said}") as caught:
        read_space(tmp_path / "mine.toml")

    assert len(str(caught.value)) < 300


def test_all_faults_of_a_space_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        "about = 3\nmagic = {a = 1}\n[logit.kl]\nheat = 1\n"
        "[weight]\nlogit = 'x'\n[default]\nz = 1\n"
    )

    with pytest.raises(SpecError) as caught:
        read_space(tmp_path / "mine.toml")

    assert len(caught.value.problems) == 5


def test_choices_that_are_there_twice_count_once(tmp_path: Path) -> None:
    once, twice = ("['pooled']", "['pooled', 'pooled']")
    texts = {name: f"[feature.mse]\non = {name}\n" for name in (once, twice)}
    for number, text in enumerate(texts.values()):
        (tmp_path / f"{number}.toml").write_text(text)

    assert read_space(tmp_path / "0.toml").slots == read_space(tmp_path / "1.toml").slots


def test_thousands_of_unknown_names_are_answered_in_a_second(tmp_path: Path) -> None:
    lines = [f"[student.none{n}]" for n in range(20_000)] + [f"k{n} = {{}}" for n in range(20_000)]
    (tmp_path / "space.toml").write_text("\n".join([*lines[20_000:], *lines[:20_000]]))
    names = ", ".join(f"'figure{n}'" for n in range(20_000))
    (tmp_path / "page.toml").write_text(f"study = [{names}]\nall = ['{'x' * 1_000_000}']\n")
    begin = time.process_time()

    for kind, name in (("space", "space.toml"), ("dashboard", "page.toml")):
        with pytest.raises(SpecError) as caught:
            READERS[kind](tmp_path / name)
        assert len(caught.value.problems) <= 202

    assert time.process_time() - begin < 5
