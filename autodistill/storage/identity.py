"""Who a process is: its machine and process space, its number, its start."""

import os
import socket
import uuid
from pathlib import Path

import psutil

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_SPACE = Path("/proc/self/ns/pid")


def identity(pid: int) -> str | None:
    """A text that no other process has, anywhere; None for one that has ended.

    No clock is part of it where the system can do without: containers of one machine, or machines
    of one name, differ all the same.
    """
    try:
        process = psutil.Process(pid)
        if process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD):
            return None
        return f"{process_space()} {pid} {_started(process)}"
    except psutil.NoSuchProcess:
        return None


def process_space() -> str:
    """This boot of this machine and, on Linux, the container's process numbers."""
    try:
        boot = _BOOT.read_text(encoding="ascii").strip()
    except OSError:
        boot = f"{uuid.getnode():x}/{socket.gethostname()[:80]}"
    try:
        return f"{boot}/{os.readlink(_SPACE)}"
    except OSError:
        return boot


def _started(process: psutil.Process) -> str:
    """When it began: in ticks since the boot, which setting a clock does not change."""
    try:
        text = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8", errors="replace")
        return text.rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return f"{process.create_time():.2f}"
