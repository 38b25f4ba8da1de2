"""`autodistill doctor`: a line for each thing that can be wrong, with what to do."""

import platform
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from autodistill.cli import machine
from autodistill.cli.machine import Finding, count
from autodistill.errors import AutodistillError
from autodistill.runtime.text import fill, terminal_width
from autodistill.study.places import hidden

DISTRIBUTION = "kd-autodistill"
INSTALL = f'pip install "{DISTRIBUTION}[embedded]"'


def examine(storage: str, data_root: Path | None) -> int:
    """Print every check; 0 without a problem, else 2."""
    checks: dict[str, Callable[[], Iterator[Finding]]] = {
        "versions": _versions,
        "conflict": _conflict,
        "teacher": _embedded_teacher,
        "dataset": _embedded_dataset,
        "database": lambda: _database(storage),
        "cache": machine.check_cache,
        "data root": lambda: machine.check_data_root(data_root),
        "processor": machine.check_processor,
        "memory": machine.check_memory,
    }
    states = []
    for title, check in checks.items():
        for finding in _findings(check):
            states.append(finding.state)
            _print_row(finding.state, title, finding.text)
    problems, warnings = states.count("problem"), states.count("warn")
    found = count(problems, "problem") or "No problem"
    print(f"{found} found, {count(warnings, 'warning') or 'no warning'}.")
    return 2 if problems else 0


def _print_row(state: str, title: str, text: str) -> None:
    """One check: in a terminal broken between words, in a pipe one line."""
    head = f"{state:<8} {title:<10} "
    wide = not sys.stdout.isatty()
    print(head + text if wide else fill(head + text, terminal_width(), hang=len(head)))


def _findings(check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    found: list[Finding] = []
    try:
        found.extend(check())
    except AutodistillError as error:
        found.append(Finding("problem", str(error)))
    except Exception as error:  # a broken check is told, and does not hide the others
        found.append(
            Finding("problem", hidden(f"the check itself failed: {type(error).__name__}: {error}"))
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
                f"{requirement.name} {found} does not fit {requirement.specifier}: "
                f'pip install "{requirement}"',
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
        f"the distribution autodistill {other} (labelling of images) has the same "
        "import name and command: pip uninstall autodistill, then pip install "
        f"--force-reinstall --no-deps {DISTRIBUTION}; or use two environments",
    )


def _embedded_teacher() -> Iterator[Finding]:
    from autodistill.components.teachers.embedded import PACKAGE, Embedded

    if find_spec(PACKAGE) is None:
        yield Finding(
            "warn",
            f"embedded is not installed; choose another with --teacher, or {INSTALL}",
        )
        return
    found = Embedded().find("embedded")
    yield Finding("ok", f"embedded is installed, its weights are the published ones ({found.key})")


def _embedded_dataset() -> Iterator[Finding]:
    from autodistill.datasets.bbc_news import PACKAGE

    if find_spec(PACKAGE) is None:
        yield Finding(
            "warn",
            f"bbc-news is not installed; choose another with --dataset, or {INSTALL}",
        )
        return
    yield Finding("ok", "bbc-news is installed")


def _database(storage: str) -> Iterator[Finding]:
    """A file without our tables is left alone; else it is opened as every command does."""
    from autodistill.storage import Store

    name, version = storage.removeprefix("sqlite:///"), None
    path = Path(name).expanduser()
    if "://" not in name:
        if not path.exists():
            yield Finding("ok", f"{path} does not exist yet; the first search creates it")
            return
        if (version := _tables_version(path)) == "":
            yield Finding(
                "warn", f"{path} holds nothing of autodistill; the first search adds its tables"
            )
            return
    store = Store(storage)
    if version:
        yield from machine.check_rights(path)
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
            if not ours:
                return ""
            row = connection.execute(
                "SELECT version_num FROM autodistill_alembic_version"
            ).fetchone()
            return str(row[0])
    except sqlite3.Error:
        return None  # the store says what it is
