"""Network file systems: SQLite's locks and shared memory do not work on them."""

import re
from pathlib import Path

import sqlalchemy as sa

from autodistill.errors import StorageError
from autodistill.storage.engine import as_url
from autodistill.storage.patience import shown

MOUNTS = Path("/proc/self/mounts")
KINDS = re.compile(
    r"nfs\d?|cifs|smb\d?|smbfs|ncpfs|afs|ceph|lustre|gpfs|beegfs|glusterfs|ocfs2|gfs2|pvfs2"
    r"|fuse\.(sshfs|s3fs|glusterfs|ceph|ceph-fuse|rclone|gcsfuse|juicefs|mfs|cvmfs\w*|smbnetfs)"
)
"""Types of file systems whose files lie on another machine."""


def check_local(storage: str, mounts: Path = MOUNTS) -> None:
    """Refuse a database file on a network file system; StorageError says what to use instead.

    Where mounts cannot be read, as on a system without /proc, nothing is refused.
    """
    url = as_url(storage)
    if not url.startswith("sqlite"):
        return
    path = Path(sa.make_url(url).database or "")
    kind, place = file_system(path, mounts)
    if KINDS.fullmatch(kind):
        raise StorageError(
            f"the database {shown(url)} lies on a network file system ({kind} at {place}), where "
            "SQLite loses results. Give --storage a file on a local disk of this machine, or the "
            "URL of a PostgreSQL server (postgresql://user:password@host/name)."
        )


def file_system(path: Path, mounts: Path = MOUNTS) -> tuple[str, str]:
    """Type and mount point of the file system that holds this path; empty where unknown."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return "", ""
    whole = path.absolute().resolve()
    best = ("", "")
    for line in lines:
        _, place, kind, *_ = (*line.split(" "), "", "", "")
        place = re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), place)
        if len(place) >= len(best[1]) and whole.is_relative_to(place or "?"):
            best = (kind, place)
    return best
