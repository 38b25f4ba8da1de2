"""Checks of this machine for `autodistill doctor`: cache, datasets, processor, memory."""

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autodistill.runtime import cache
from autodistill.runtime.processor import is_bfloat16_fast

FEW_BYTES = 5 * 10**9
LITTLE_MEMORY = 2 * 10**9
OTHERS = stat.S_IRWXG | stat.S_IRWXO
CPU_INFO = Path("/proc/cpuinfo")


@dataclass(frozen=True)
class Finding:
    """One line."""

    state: str
    """ok | warn (works, but worse or not all of it) | problem."""
    text: str


def count(number: int, what: str) -> str:
    """`1 core`, `2 cores`; nothing for none."""
    return f"{number} {what}{'' if number == 1 else 's'}" if number else ""


def check_cache() -> Iterator[Finding]:
    """The cache folder, and the room on its disk."""
    home = cache.home()
    place = next(p for p in (home, *home.absolute().parents) if p.exists())
    if not place.is_dir() or not os.access(place, os.W_OK):
        yield Finding(
            "problem",
            f"{home} cannot be written ({place}); set AUTODISTILL_HOME to a folder that you own",
        )
        return
    yield from check_rights(home)
    size = sum(p.stat().st_size for p in home.rglob("*") if p.is_file())
    free = shutil.disk_usage(place).free
    text = f"{home}: {size / 1e9:.2f} GB used, {free / 1e9:.1f} GB free on its disk"
    advice = "; free some space, or set AUTODISTILL_HOME to a larger disk"
    yield Finding("ok", text) if free >= FEW_BYTES else Finding("warn", text + advice)


def check_rights(place: Path) -> Iterator[Finding]:
    """A warning if others can read a folder or a file that holds what data sets say."""
    if place.exists() and place.stat().st_mode & OTHERS:
        yield Finding(
            "warn", f"{place} can be read by other users; to close it: chmod -R go-rwx {place}"
        )


def check_data_root(data_root: Path | None) -> Iterator[Finding]:
    """The folder with copies of hub datasets."""
    if data_root is None:
        yield Finding(
            "ok",
            "none; --data-root or AUTODISTILL_DATA names a folder with copies of hub datasets",
        )
    elif not data_root.is_dir():
        yield Finding(
            "problem", f"{data_root} is not a folder; correct --data-root or AUTODISTILL_DATA"
        )
    else:
        count = len({p.parent for p in data_root.glob("**/train*.parquet")})
        yield Finding(
            "ok" if count else "warn",
            f"{data_root}: {count} datasets (folders with train*.parquet)",
        )


def check_processor() -> Iterator[Finding]:
    """Cores, and whether the processor computes bfloat16."""
    cores = os.cpu_count() or 1
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else cores
    flags = CPU_INFO.read_text(encoding="utf-8", errors="replace") if CPU_INFO.is_file() else ""
    fast = (
        "used"
        if is_bfloat16_fast(flags, intel="GenuineIntel" in flags)
        else "no gain here, float32 is used"
    )
    text = f"{count(cores, 'core')}; bfloat16 {fast}"
    advice = f"; only {usable} of them may be used here: add --workers {usable} to search"
    yield Finding("ok", text) if usable >= cores else Finding("warn", text + advice)


def check_memory() -> Iterator[Finding]:
    """Memory that is free now."""
    import psutil

    memory = psutil.virtual_memory()
    text = f"{memory.available / 1e9:.1f} of {memory.total / 1e9:.1f} GB available"
    advice = "; close other programs, or add --workers 1 to search"
    yield (
        Finding("ok", text) if memory.available >= LITTLE_MEMORY else Finding("warn", text + advice)
    )
