"""Mistakes of a space file: every one is reported at once, with what would fit."""

from pathlib import Path

import pytest

from autodistill.errors import SpecError
from autodistill.study.space_file import read_space
from tests.spaces import SMALL, small


def test_every_mistake_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    text = (
        SMALL.replace("keep = [0.5]", "keep = [0.51]")
        .replace("[hard.ce]", "[hard.cee]")
        .replace("[mapping.skip]", "[maping.skip]")
    )
    text = (
        text.replace("lr =", "rate =") + "[weight]\nlogits = [0.0, 1.0]\n[default]\nlogit = 'kll'\n"
    )

    with pytest.raises(SpecError) as caught:
        small(tmp_path, text)

    wanted = [
        "student.cut.keep: 0.51 is not one of",
        "unknown choice for hard 'cee'",
        "unknown slot 'maping'",
    ]
    wanted += [
        "optimizer.adamw has no knob 'rate'; it has lr",
        "unknown weight 'logits'",
        "default.logit: 'kll' is not one of none, kl",
    ]
    assert len(caught.value.problems) == len(wanted)
    for part in wanted:
        assert (
            sum(part in p and p.startswith("small.toml: ") for p in caught.value.problems) == 1
        ), part


def test_a_star_has_no_knobs_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"unknown choice for logit '\*'"):
        small(tmp_path, SMALL.replace("[logit.kl]", '[logit."*"]\ntemperature = 2.0'))


def test_a_loss_in_the_wrong_slot_is_told(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="unknown choice for feature 'kl'"):
        small(tmp_path, SMALL.replace("[feature.none]", "[feature.kl]"))


def test_a_default_for_a_name_that_is_never_asked_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        SpecError, match=r"unknown default 'logit\.kl\.temp'.*Did you mean 'logit\.kl\.temperature'"
    ):
        small(tmp_path, SMALL + '[default]\n"logit.kl.temp" = 2.0\n')


def test_a_start_of_a_name_that_is_never_asked_is_told(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"small\.toml: unknown start 'student\.cut\.kep'"):
        small(tmp_path, SMALL + '[[start]]\n"student.cut.kep" = 0.5\n')


def test_a_start_outside_its_range_is_told(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"start\.student\.cut\.keep: 0\.34 is not one of 0\.5"):
        small(tmp_path, SMALL + '[[start]]\n"student.cut.keep" = 0.34\n')


@pytest.mark.parametrize("text", ["[start]\nstudent = 'cut'", "start = 3"])
def test_starts_that_are_no_list_of_tables_are_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(SpecError, match=r"write \[\[start\]\] above each recipe"):
        small(tmp_path, f"start = 3\n{SMALL}" if text == "start = 3" else f"{SMALL}{text}\n")


@pytest.mark.parametrize("text", ["student = 3", "[student]\ncut = 3", "weight = 3", "default = 3"])
def test_a_value_where_a_table_belongs_is_told(tmp_path: Path, text: str) -> None:
    rest = SMALL.replace("[student.cut]\nkeep = [0.5]", "")
    body = f"{text}\n{SMALL}" if text.startswith(("weight", "default")) else f"{text}\n{rest}"

    with pytest.raises(SpecError, match=r"small\.toml: .* is 3, not a table"):
        small(tmp_path, body)


@pytest.mark.parametrize("content", [b"student = = 3", b"\xff\xfe"])
def test_a_file_that_is_not_toml_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.toml").write_bytes(content)

    with pytest.raises(SpecError, match=r"x\.toml is not valid TOML"):
        read_space(tmp_path / "x.toml")


def test_scaling_of_rates_is_yes_or_no(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"small\.toml: scale_rates is 5, not true or false\."):
        small(tmp_path, "scale_rates = 5\n[student.cut]\n")
