"""Folders made once: whole or not at all, by one process at a time."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from autodistill.errors import StorageError
from autodistill.runtime.cache import home, once

TAKES_A_WHILE = """
import sys, time
from pathlib import Path
from autodistill.runtime.cache import once

def make(draft):
    time.sleep(0.5)
    (draft / "x").write_text("whole")

folder = Path(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
print(once(folder, make), (folder / "x").read_text())
"""


def write_x(draft: Path) -> None:
    """A maker."""
    (draft / "x").write_text("1")


def test_a_folder_is_made_once_and_used_again(tmp_path: Path) -> None:
    calls = []

    def make(draft: Path) -> None:
        calls.append(draft)
        write_x(draft)

    assert once(tmp_path / "deep" / "a", make) is True
    assert once(tmp_path / "deep" / "a", make) is False
    assert len(calls) == 1
    assert (tmp_path / "deep" / "a" / "x").read_text() == "1"


def test_of_two_processes_at_once_one_makes_and_the_other_waits(tmp_path: Path) -> None:
    command = [sys.executable, "-c", TAKES_A_WHILE, str(tmp_path / "a")]
    both = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"

    said = sorted(out for out, _ in _go(both))

    assert said == ["False whole\n", "True whole\n"]


def _go(processes: list["subprocess.Popen[str]"]) -> list[tuple[str, str]]:
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return [process.communicate(timeout=60) for process in processes]


def test_a_maker_that_fails_leaves_nothing_and_the_next_one_may_try(tmp_path: Path) -> None:
    def fail(draft: Path) -> None:
        write_x(draft)
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        once(tmp_path / "a", fail)

    assert [p.name for p in tmp_path.iterdir() if p.is_dir()] == []
    assert once(tmp_path / "a", write_x) is True


def test_what_a_killed_maker_left_behind_is_cleared(tmp_path: Path) -> None:
    (tmp_path / ".a-0123abcd").mkdir()

    once(tmp_path / "a", write_x)

    assert [p.name for p in tmp_path.iterdir() if p.is_dir()] == ["a"]


def test_a_full_disk_is_one_message_with_the_place(tmp_path: Path) -> None:
    def fill(draft: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(StorageError, match=rf"the disk is full: \d+ MB free at {tmp_path / 'a'}\."):
        once(tmp_path / "a", fill)

    assert not (tmp_path / "a").exists()


def test_a_read_only_file_system_is_one_message_with_the_remedy(tmp_path: Path) -> None:
    def refuse(draft: Path) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    with pytest.raises(
        StorageError,
        match=rf"cannot write to {tmp_path / 'a'}: read-only file system\. Set AUTODISTILL_HOME",
    ):
        once(tmp_path / "a", refuse)


def test_a_file_where_a_folder_should_be_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StorageError, match=rf"cannot write to {tmp_path / 'file' / 'b' / 'a'}"):
        once(tmp_path / "file" / "b" / "a", write_x)


def test_other_errors_of_the_system_keep_their_traceback(tmp_path: Path) -> None:
    def fail(draft: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with pytest.raises(OSError, match="Input/output error"):
        once(tmp_path / "a", fail)


def test_home_is_the_variable_or_else_the_users_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTODISTILL_HOME", str(tmp_path))
    assert home() == tmp_path

    monkeypatch.delenv("AUTODISTILL_HOME")
    assert home().name == "autodistill"
