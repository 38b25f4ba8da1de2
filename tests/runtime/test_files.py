"""Files and folders appear whole or not at all, with the right rights."""

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from autodistill.errors import StorageError
from autodistill.runtime import arrays, files
from autodistill.runtime.cache import once
from tests.paths import ROOT


def whole(path: Path) -> None:
    files.write_text(path, "new")


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_a_write_that_fails_in_the_middle_leaves_what_was_there(tmp_path: Path) -> None:
    place = tmp_path / "recipe.toml"
    whole(place)

    def fail() -> None:
        with files.opened(place) as file:
            file.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert text_of(place) == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["recipe.toml"]


def test_text_that_cannot_be_encoded_leaves_what_was_there(tmp_path: Path) -> None:
    place = tmp_path / "recipe.toml"
    whole(place)

    with pytest.raises(UnicodeEncodeError):
        files.write_text(place, "half an emoji: \ud83d")

    assert text_of(place) == "new"


def test_a_file_keeps_its_rights_and_a_link_stays_one(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)

    whole(link)

    assert link.is_symlink()
    assert text_of(target) == "new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_device_is_written_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)

    whole(pipe)

    assert os.read(reader, 9) == b"new"
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    os.close(reader)


@pytest.mark.parametrize("umask", [0o022, 0o077, 0o000])
def test_a_new_file_has_the_rights_that_the_umask_says(umask: int, tmp_path: Path) -> None:
    before = os.umask(umask)
    try:
        whole(tmp_path / "x")
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o666 & ~umask


@pytest.mark.parametrize("umask", [0o022, 0o000, 0o277])
def test_the_cache_can_be_read_by_its_owner_alone(umask: int, tmp_path: Path) -> None:
    before = os.umask(umask)
    try:
        once(tmp_path / "home" / "tokens" / "a", lambda draft: whole(draft / "x"))
    finally:
        os.umask(before)

    rights = {
        p.relative_to(tmp_path).as_posix(): stat.S_IMODE(p.stat().st_mode)
        for p in (tmp_path / "home").rglob("*")
    }
    assert rights.items() >= {
        ("home/tokens", 0o700),
        ("home/tokens/a", 0o700),
        ("home/tokens/a/x", 0o600),
    }
    assert not any(mode & 0o077 for mode in rights.values())
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700


def test_a_folder_that_fails_leaves_the_one_that_was_there(tmp_path: Path) -> None:
    place = tmp_path / "student"
    place.mkdir()
    whole(place / "old")

    def fail() -> None:
        with files.draft_folder(place) as draft:
            whole(draft / "half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert [p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*")] == [
        "student",
        "student/old",
    ]


def test_a_folder_takes_the_place_of_another(tmp_path: Path) -> None:
    place = tmp_path / "student"
    place.mkdir()
    whole(place / "old")

    with files.draft_folder(place) as draft:
        whole(draft / "new")

    assert [p.name for p in place.iterdir()] == ["new"]
    assert [p.name for p in tmp_path.iterdir()] == ["student"]


DRAFTS = """
import sys
from pathlib import Path
from autodistill.runtime.files import draft_folder

with draft_folder(Path(sys.argv[1])) as folder:
    (folder / "weights").write_text("half")
    print(folder, flush=True)
    sys.stdin.read()
"""


def test_what_a_killed_process_left_of_a_folder_goes_with_the_next_one(tmp_path: Path) -> None:
    place = tmp_path / "student"
    (like := tmp_path / ".student-of-mine").mkdir()

    def begun() -> tuple["subprocess.Popen[str]", Path]:
        command, pipe = [sys.executable, "-c", DRAFTS, str(place)], subprocess.PIPE
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT)
        assert process.stdout is not None
        return process, Path(process.stdout.readline().strip())

    (killed, dead), (runs, alive) = begun(), begun()
    killed.kill()
    killed.communicate()
    assert dead.is_dir()

    with files.draft_folder(place) as folder:
        (folder / "weights").write_text("whole")
    there = {path.name for path in tmp_path.iterdir()}
    runs.communicate()

    assert there == {"student", like.name, alive.name}
    assert {path.name for path in tmp_path.iterdir()} == {"student", like.name}


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "anything"), "the disk is full"),
        (OSError(errno.EDQUOT, "anything"), "the disk quota is used up"),
        (RuntimeError('Os { code: 28, message: "No space left on device" }'), "the disk is full"),
        (OSError("1024 requested and 512 written"), "the disk is full"),
        (RuntimeError("(sqlite3.OperationalError) database or disk is full"), "the disk is full"),
        (OSError(errno.EIO, "Input/output error"), ""),
        (RuntimeError("a bug"), ""),
    ],
)
def test_a_full_disk_is_known_by_whatever_a_library_says(error: Exception, said: str) -> None:
    outer = ValueError("the commit failed")
    outer.__cause__ = error

    assert files.why_full(outer) == said


def rows_of(place: Path) -> None:
    with arrays.RowFile(place, np.float16, (40_000, 4)) as file:
        for start in range(0, 40_000, 1000):
            file.write(np.arange(start, start + 1000), np.ones((1000, 4)))


FULL: list[Callable[[Path], None]] = [
    lambda place: files.write_text(place, "x" * 200_000),
    lambda place: arrays.save(place, np.zeros(50_000)),
    lambda place: arrays.save_many(place, {"a": np.zeros(50_000)}),
    rows_of,
]


@pytest.mark.parametrize("which", range(len(FULL)))
def test_a_disk_that_fills_up_is_one_message_and_nothing_half_written(
    which: int, tmp_path: Path
) -> None:
    # In a process of its own: the limit on the size of files holds for all that it writes.
    script = (
        "import resource, sys\nfrom pathlib import Path\n"
        "from autodistill.runtime.cache import once\nfrom tests.runtime.test_files import FULL\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        f"once(Path('a'), lambda draft: FULL[{which}](draft / 'x'))"
    )

    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    last = ran.stderr.strip().splitlines()[-1]
    assert last.startswith("autodistill.errors.StorageError: a file is larger than the system")
    assert [p.name for p in tmp_path.iterdir() if p.suffix != ".lock"] == []


def test_a_name_as_long_as_can_be_has_a_draft_too(tmp_path: Path) -> None:
    whole(tmp_path / ("x" * 255))

    assert len(next(tmp_path.iterdir()).name) == 255


def test_a_home_that_nobody_has_is_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    from autodistill.runtime import cache

    monkeypatch.delenv("AUTODISTILL_HOME")
    monkeypatch.setattr(cache, "user_cache_dir", lambda _: "~/.cache/autodistill")

    with pytest.raises(StorageError, match="Set AUTODISTILL_HOME to a folder"):
        cache.home()
