"""Networks that AUTODISTILL_STUDENT names are looked at before any work."""

import shutil
from pathlib import Path

import pytest
from transformers import AutoConfig, AutoTokenizer

from autodistill.errors import SpecError
from autodistill.prepare.named_networks import HAVING, MEMBER, check_named_networks
from autodistill.study import spaces
from autodistill.study.space import Space


@pytest.fixture(scope="module")
def quick() -> Space:
    """A space without the student that is made of them."""
    return spaces.space("quick")


def notes(teacher: Path, space: Space, *, images: bool = False) -> list[str]:
    """Notes on the networks that are named."""
    return list(check_named_networks(teacher, space, "quick", images=images))


def test_nothing_is_said_where_none_is_named(teacher: Path, quick: Space) -> None:
    assert notes(teacher, quick) == []


def test_one_that_no_recipe_of_the_space_uses_is_told(
    teacher: Path, quick: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTODISTILL_STUDENT", str(teacher))

    assert notes(teacher, quick) == [
        "AUTODISTILL_STUDENT is not used: the space 'quick' has no student 'checkpoint'; --space "
        "everything has it, as may a space of your own"
    ]
    assert "the task is of images" in notes(teacher, quick, images=True)[0]
    assert MEMBER in spaces.space(HAVING).slots["student"]


def test_one_that_reads_other_tokens_is_refused_whatever_their_number(
    teacher: Path, quick: Space, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Path(shutil.copytree(teacher, tmp_path / "other"))
    text = (other / "tokenizer.json").read_text()
    (other / "tokenizer.json").write_text(text.replace("lovely", "lively"))
    fewer = tmp_path / "fewer"
    config = AutoConfig.from_pretrained(teacher)
    config.vocab_size = 7
    config.save_pretrained(fewer)
    AutoTokenizer.from_pretrained(teacher).save_pretrained(fewer)
    monkeypatch.setenv("AUTODISTILL_STUDENT", f"{other}:{fewer}:{tmp_path / 'nowhere'}")

    with pytest.raises(SpecError) as caught:
        notes(teacher, quick)

    first, second, third = caught.value.problems
    size = AutoConfig.from_pretrained(teacher).vocab_size
    assert f"STUDENT={other}: its tokens are not the teacher's ({size:,} and {size:,}" in first
    assert f"STUDENT={fewer}: its tokens are not the teacher's (7 and {size:,}" in second
    assert "no network in a folder of this name" in third
