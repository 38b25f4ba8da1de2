"""A folder of the cache that is no longer as it was written: noticed, and made again."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from autodistill.errors import StorageError
from autodistill.runtime import checksums
from autodistill.runtime.cache import check_kept, discard, holds, once
from autodistill.runtime.checksums import FILE, damage

CONTENT = bytes(range(256)) * 40


def make(draft: Path) -> None:
    (draft / "deep").mkdir()
    (draft / "a.npy").write_bytes(CONTENT)
    (draft / "deep" / "b.txt").write_text("whole")


@pytest.fixture
def entry(tmp_path: Path) -> Path:
    """A folder of the cache with two files."""
    once(tmp_path / "kind" / "key", make)
    return tmp_path / "kind" / "key"


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def turn_into_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "zeroed": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "cut": lambda path: os.truncate(path, path.stat().st_size - 1),
    "one bit": flip,
    "emptied": lambda path: os.truncate(path, 0),
    "longer": lambda path: path.write_bytes(path.read_bytes() + b"x"),
    "a folder": turn_into_a_folder,
}


@pytest.mark.parametrize("file", ["a.npy", "deep/b.txt", FILE])
@pytest.mark.parametrize("spoil", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_made_again_with_one_line(
    spoil: Callable[[Path], object], file: str, entry: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    spoil(entry / file)

    assert once(entry, make) is True

    said = " ".join(capfd.readouterr().err.split())
    assert said.startswith("cache kind/key is damaged (")
    assert said.endswith("): it is made again")
    assert (entry / "a.npy").read_bytes() == CONTENT
    assert once(entry, make) is False


def test_a_file_that_is_missing_is_damage(entry: Path) -> None:
    (entry / "a.npy").unlink()

    assert "a.npy: no such file" in damage(entry)
    assert not holds(entry)
    assert not entry.exists()


def test_a_whole_folder_is_read_once_in_a_process(
    entry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert holds(entry)
    monkeypatch.setattr(checksums, "file_hash", lambda path: pytest.fail(f"read {path} again"))

    assert holds(entry)


def test_a_folder_of_an_older_version_is_taken_as_it_is(entry: Path) -> None:
    (entry / FILE).unlink()
    flip(entry / "a.npy")

    assert holds(entry)


def test_a_file_in_place_of_a_folder_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("in the way")

    assert once(tmp_path / "key", make) is True
    assert (tmp_path / "key" / "a.npy").read_bytes() == CONTENT


def test_what_is_discarded_is_made_again(entry: Path, capfd: pytest.CaptureFixture[str]) -> None:
    discard(entry, "for a reason")

    assert "(for a reason)" in capfd.readouterr().err
    assert once(entry, make) is True


def test_what_a_program_gave_is_refused_when_it_is_damaged(entry: Path) -> None:
    check_kept(entry / "a.npy")
    flip(entry / "a.npy")

    with pytest.raises(StorageError, match=r"a\.npy is damaged: .*run that program again"):
        check_kept(entry / "a.npy")
    check_kept(entry.parent)  # which has no checksums
