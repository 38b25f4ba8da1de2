"""Files for trials on other machines: what is copied, and what is not."""

import os
import shutil
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from autodistill.runtime.node_files import (
    FOLDER,
    UNUSED_SECONDS,
    Listing,
    moved,
    packed,
    paths_in,
    unpacked,
)


@dataclass(frozen=True)
class Data:
    """Paths in everything that a trial is given."""

    folder: Path
    shards: dict[str, Path]
    views: tuple[Path, ...] = ()
    kept: Path | None = None
    rows: int = 3


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache of another machine."""
    monkeypatch.setenv("AUTODISTILL_HOME", str(tmp_path / "there"))
    return tmp_path / "there"


@pytest.fixture
def signals(tmp_path: Path) -> Path:
    """A folder with a file in a folder, and another folder that is found from its name."""
    folder = tmp_path / "here" / "signals"
    (folder / "deep").mkdir(parents=True)
    (folder / "logits.npy").write_bytes(b"logits")
    (folder / "deep" / "empty.npy").write_bytes(b"")
    (tmp_path / "here" / "signals-tokens").mkdir()
    (tmp_path / "here" / "signals-tokens" / "layer_1.npy").write_bytes(b"x" * 100)
    return folder


class Pieces:
    """An object store."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []

    def put(self, piece: bytes) -> int:
        """The place of a piece that is kept."""
        self.kept.append(piece)
        return len(self.kept) - 1


def listed(signals: Path) -> Listing:
    return Listing.of(signals, [signals.with_name("signals-tokens")])


def test_a_machine_that_lacks_files_gets_them_all_with_those_beside_them(
    signals: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autodistill.runtime.node_files.PIECE_BYTES", 7)
    store = Pieces()

    parcel = packed(listed(signals), store.put)
    there = unpacked(parcel, store.kept.__getitem__)

    assert there == home / FOLDER / parcel.name / "signals"
    assert (there / "logits.npy").read_bytes() == b"logits"
    assert (there / "deep" / "empty.npy").read_bytes() == b""
    assert (there.with_name("signals-tokens") / "layer_1.npy").read_bytes() == b"x" * 100
    assert len(store.kept) == 1 + 15  # pieces of at most seven bytes


def test_files_are_fetched_once_by_all_trials_of_a_machine(signals: Path, home: Path) -> None:
    store = Pieces()
    parcel = packed(listed(signals), store.put)
    first = unpacked(parcel, store.kept.__getitem__)

    assert unpacked(parcel, lambda _: pytest.fail("fetched again")) == first


def test_other_content_under_the_same_name_is_another_copy(signals: Path) -> None:
    before = packed(listed(signals), bytes)
    (signals / "logits.npy").write_bytes(b"LOGITS")

    assert packed(listed(signals), bytes).name != before.name


def test_nothing_is_copied_to_a_machine_that_shares_the_folder(signals: Path) -> None:
    assert listed(signals).is_here()


@pytest.mark.parametrize("change", ["gone", "longer", "later"])
def test_a_file_that_is_another_one_here_is_copied(signals: Path, change: str) -> None:
    listing = listed(signals)
    file = signals / "logits.npy"
    if change == "gone":
        shutil.rmtree(signals)
    elif change == "longer":
        stat = file.stat()
        file.write_bytes(b"logits!")
        os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    else:
        os.utime(file, (1.0, 1.0))

    assert not listing.is_here()


def test_paths_are_found_and_moved_wherever_they_stand() -> None:
    old, new, other = Path("/here/a"), Path("/there/a"), Path("/here/b")
    data = Data(old, {"full": old, "covering": other}, (old, other), other)
    run = partial(max, data, key=old)

    now = moved(run, {old: new})

    assert set(paths_in(run)) == {old, other}
    assert now.func is max
    assert now.args == (Data(new, {"full": new, "covering": other}, (new, other), other),)
    assert now.keywords == {"key": new}


def test_what_names_no_moved_path_stays_the_same_object() -> None:
    data = Data(Path("/here/a"), {})

    assert moved(data, {Path("/elsewhere"): Path("/there")}) is data


def test_copies_that_no_trial_used_for_a_week_are_removed(signals: Path, home: Path) -> None:
    old, recent = home / FOLDER / "old", home / FOLDER / "recent"
    for folder in (old, recent):
        folder.mkdir(parents=True)
    past = time.time() - UNUSED_SECONDS - 60
    os.utime(old, (past, past))

    unpacked(packed(listed(signals), bytes), lambda piece: piece)

    assert not old.exists()
    assert recent.exists()
