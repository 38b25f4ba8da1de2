"""A database file on a disk of another machine is refused before a search begins."""

from pathlib import Path

import pytest

from autodistill.errors import StorageError
from autodistill.search import loop
from autodistill.storage.network import check_local, file_system
from autodistill.study.study import Budget, Study
from tests.screens import Heard


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    """A disk, a network folder on it with a blank in its name, and a disk inside that."""
    root = tmp_path.as_posix()
    made = tmp_path / "mounts"
    made.write_text(
        "/dev/sda1 / ext4 rw 0 0\n"
        "proc /proc proc rw 0 0\n"
        f"auto {root}/my\\040home autofs rw 0 0\n"
        f"server:/export {root}/my\\040home nfs4 rw 0 0\n"
        f"/dev/sdb1 {root}/my\\040home/scratch xfs rw 0 0\n",
        encoding="utf-8",
    )
    return made


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("s.db", "ext4"),
        ("my home/s.db", "nfs4"),
        ("my home/not yet there/s.db", "nfs4"),
        ("my home/scratch/s.db", "xfs"),
        ("my homes/s.db", "ext4"),
    ],
)
def test_a_file_is_on_the_innermost_mount(
    mounts: Path, tmp_path: Path, file: str, kind: str
) -> None:
    assert file_system(tmp_path / file, mounts)[0] == kind


def test_a_link_into_a_network_folder_is_seen_through(mounts: Path, tmp_path: Path) -> None:
    (tmp_path / "my home").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "my home")

    assert file_system(tmp_path / "link" / "s.db", mounts)[0] == "nfs4"


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "lustre", "ceph"])
def test_a_network_folder_is_refused_with_what_to_use_instead(
    mounts: Path, tmp_path: Path, kind: str
) -> None:
    mounts.write_text(f"server:/x {tmp_path} {kind} rw 0 0\n", encoding="utf-8")

    with pytest.raises(StorageError, match=r"network file system \((\S+) at .*PostgreSQL") as found:
        check_local(str(tmp_path / "s.db"), mounts)

    assert f"({kind} at {tmp_path})" in str(found.value)


@pytest.mark.parametrize("kind", ["ext4", "xfs", "overlay", "tmpfs", "zfs", "fuse", "9p"])
def test_a_disk_of_this_machine_is_taken(mounts: Path, tmp_path: Path, kind: str) -> None:
    mounts.write_text(f"disk {tmp_path} {kind} rw 0 0\n", encoding="utf-8")

    check_local(str(tmp_path / "s.db"), mounts)


def test_a_server_and_a_system_without_a_list_of_mounts_are_taken(tmp_path: Path) -> None:
    check_local("postgresql://me@host/kd", tmp_path / "none")
    check_local(str(tmp_path / "s.db"), tmp_path / "none")


def test_a_search_is_refused_before_it_reads_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(storage: str) -> None:
        raise StorageError(f"{storage} lies on a network file system")

    monkeypatch.setattr(loop, "check_local", refuse)

    with pytest.raises(StorageError, match=r"far\.db lies on a network"):
        loop.search(
            Study("no such.csv"),
            Budget(trials=1),
            storage="far.db",
            workers=1,
            data_root=None,
            name="",
            screen=Heard(),
        )
