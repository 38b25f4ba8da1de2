"""Files by name: a person's own first, then those that ship."""

from pathlib import Path

import pytest

from autodistill.errors import SpecError
from autodistill.study import spaces


def own_quick(folder: Path) -> Path:
    """A copy of the shipped space `quick` with other words above it, in a project's own folder."""
    (folder / "search_spaces").mkdir()
    text = spaces.find("search_spaces", "space", "quick").read_text().partition("\n\n")[2]
    path = folder / "search_spaces" / "quick.toml"
    path.write_text(f'about = "mine"\n{text}')
    return path


def test_the_spaces_that_ship_are_named() -> None:
    assert {"quick", "text"} <= set(spaces.names("search_spaces"))


def test_an_own_file_comes_before_the_one_that_ships(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_quick(tmp_path)
    monkeypatch.chdir(tmp_path)

    assert spaces.space("quick").about == "mine"
    assert spaces.space("text").about.startswith("Text classification")


def test_a_path_is_taken_as_it_is(tmp_path: Path) -> None:
    path = own_quick(tmp_path)

    assert spaces.space(str(path)).about == "mine"


def test_a_path_to_nothing_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"the space file .*none\.toml does not exist"):
        spaces.find("search_spaces", "space", str(tmp_path / "none.toml"))


def test_an_unknown_name_is_answered_with_a_near_one_and_the_other_way_to_name_a_file() -> None:
    with pytest.raises(
        SpecError,
        match=r"unknown space 'quik'.*Did you mean 'quick'\? A path to a \.toml file works too\.",
    ):
        spaces.space("quik")


def test_a_kind_without_files_has_no_names() -> None:
    assert spaces.names("no_such_kind") == []
