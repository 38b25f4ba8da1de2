"""The command `autodistill bench`: how fast a student is in each engine, beside its teacher."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.box import SIMPLE_HEAD
from rich.table import Table

from autodistill.components import teachers
from autodistill.components.students import load_classifier
from autodistill.components.students._reader import open_tokenizer, pad_of
from autodistill.components.teachers._config import network_folder
from autodistill.datasets._tables import open_table
from autodistill.deploy.engine_timing import (
    Timing,
    cells_of,
    onnx_files,
    time_network,
    usable_cores,
)
from autodistill.deploy.engines import DAMAGED
from autodistill.deploy.opened import Opened, open_student
from autodistill.deploy.real_rows import Wanted, find_rows
from autodistill.errors import AutodistillError, TeacherError
from autodistill.prepare.tokens import tokenize
from autodistill.runtime.cache import temporary_folder
from autodistill.runtime.processor import features, processor_name
from autodistill.runtime.progress import Screen
from autodistill.runtime.text import first_line
from autodistill.runtime.version import __version__
from autodistill.study.recipe import Recipe

FORMAT = 1
TOKENS = 32
"""Tokens of a text where neither rows nor metrics.json say what is typical."""


@dataclass(frozen=True)
class Bench:
    """Timings of a student and of its teacher, and where they were taken."""

    student: Path
    teacher: str
    """Empty where it was not measured."""
    tokens: int
    """Tokens of each text; 0 for images."""
    length: str
    """Length of a row, and where it is from, for people."""
    timings: tuple[Timing, ...]
    machine: Mapping[str, Any]
    notes: tuple[str, ...] = ()

    def of(self, who: str) -> list[Timing]:
        """The timings of the student or of the teacher."""
        return [timing for timing in self.timings if timing.who == who]


def bench(folder: Path, teacher: str, wanted: Wanted, screen: Screen) -> Bench:
    """Measure the student, and the teacher if it is named or known; raises AutodistillError."""
    student = open_student(folder)
    other, notes = _teacher(student, teacher)
    if busy := _load():
        notes.append(busy)
    with temporary_folder() as home:
        tokens, length = _length(student, wanted, home, screen)
        networks = {"student": student} | ({"teacher": other} if other else {})
        files = {who: onnx_files(x, home / who, screen) for who, x in networks.items()}
        cells, timings = sum(map(cells_of, files.values())), list[Timing]()
        with screen.bar("measuring") as tick:
            for who, network in networks.items():
                timings += time_network(
                    *(who, network, files[who], tokens), tick, len(timings), cells
                )
    notes += [note for found in files.values() for note in found.notes]
    name = str(other.folder) if other else ""
    shown = tuple(dict.fromkeys(notes))
    return Bench(folder, name, tokens, length, tuple(timings), machine(), shown)


def _load() -> str:
    """A note on other programs that take this machine's time; empty where there are few."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    if load < usable_cores() / 2:
        return ""
    return (
        f"other programs were running here (load {load:.1f}): times on several threads are too long"
    )


def machine() -> dict[str, Any]:
    """The processor, what it can do, and the versions of the engines."""
    versions = {"autodistill": __version__, "torch": torch.__version__}
    if find_spec("onnxruntime") is not None:
        import onnxruntime

        versions["onnxruntime"] = onnxruntime.__version__
    found = {"processor": processor_name(), "cores": usable_cores(), "features": list(features())}
    return {**found, "versions": versions}


def _length(student: Opened, wanted: Wanted, home: Path, screen: Screen) -> tuple[int, str]:
    """Tokens of a typical text, and what to say of them."""
    if size := student.image_size:
        return 0, "images of {} by {} pixels".format(*size)
    if wanted.name:
        found = find_rows(student, wanted, screen)
        table = open_table(tokenize(student.folder, found.rows, student.max_length, home))
        tokens = max(2, int(np.median(table.lengths)))
        return tokens, f"texts of {tokens} tokens, the median of {found.source}"
    try:
        metrics = json.loads((student.folder / "metrics.json").read_text(encoding="utf-8"))
        tokens = max(2, int(metrics["latency_tokens"]))
    except (OSError, ValueError, LookupError, TypeError):
        return TOKENS, f"texts of {TOKENS} tokens (--rows DATA takes the median of real ones)"
    return tokens, f"texts of {tokens} tokens, the median of the student's dataset"


def _teacher(student: Opened, named: str) -> tuple[Opened | None, list[str]]:
    """The teacher that is named, or the study's where it is on this machine; or a note."""
    if named:
        return _open_teacher(Path(named), student), []
    try:
        name = Recipe.load(student.folder / "recipe.toml").study.teacher
    except AutodistillError:
        return None, []
    try:
        if Path(name).is_dir():
            return _open_teacher(Path(name), student), []
        if name == "embedded" and not student.of_images:
            return _open_teacher(teachers.find(name).folder, student), []
    except AutodistillError as error:
        return None, [f"the teacher is not measured: {error}"]
    return None, [f"the teacher '{name}' is not measured; --teacher FOLDER names its folder"]


def _open_teacher(named: Path, student: Opened) -> Opened:
    """A teacher's network; code in its folder is never run."""
    folder = network_folder(named)
    if not (folder / "config.json").is_file():
        raise TeacherError(
            f"--teacher {named}: no network is there; name a folder with a config.json."
        )
    try:
        network = load_classifier(folder, len(student.labels)).eval().float()
        images = network.main_input_name == "pixel_values"
        pad = 0 if images else pad_of(open_tokenizer(folder))
    except DAMAGED as error:
        why = f"the network cannot be loaded ({first_line(error)})"
        raise TeacherError(f"--teacher {named}: {why}.") from error
    found = Opened(folder, network, student.max_length, pad)
    if found.of_images != student.of_images:
        reads = "images" if found.of_images else "texts"
        raise TeacherError(f"--teacher {named} reads {reads}, the student does not; name its own.")
    if not images and network.config.pad_token_id is None:
        network.config.pad_token_id = pad
    return found


def table(found: Bench, who: str) -> Table:
    """One row a cell; for the student, how many times faster it is than the teacher."""
    others = {t.cell: t.p50_ms for t in found.of("teacher")} if who == "student" else {}
    heads = ["engine", "MB", "batch", "threads", "p50 ms", "p95 ms", "p99 ms", "rows/s"]
    drawn = Table(
        title=f"{who.capitalize()}: {found.student if who == 'student' else found.teacher}",
        title_justify="left",
        box=SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    for head in heads + (["faster"] if others else []):
        drawn.add_column(head, justify="left" if head == "engine" else "right", no_wrap=True)
    for t in found.of(who):
        cells = [t.engine, f"{t.megabytes:.3g}", str(t.batch), str(t.threads)]
        cells += [_short(x) for x in (t.p50_ms, t.p95_ms, t.p99_ms)]
        faster = others.get(t.cell)
        last = [] if not others else [f"{faster / t.p50_ms:.1f}x" if faster else ""]
        drawn.add_row(*cells, f"{t.rows_per_second:,.0f}", *last)
    return drawn


def lines(found: Bench) -> list[str]:
    """Notes on the rows and the machine, for people."""
    here = found.machine
    able = f" ({', '.join(here['features'])})" if here["features"] else ""
    cores = f"{here['cores']} core{'s' * (here['cores'] > 1)}"
    versions = ", ".join(f"{k} {v}" for k, v in here["versions"].items() if k != "autodistill")
    return [
        f"{found.length[0].upper()}{found.length[1:]}. Milliseconds of one pass: half, 95% and "
        "99% of the passes take no longer; on one thread by the thread's own clock.",
        f"{here['processor']}, {cores}{able}; {versions}.",
        *(f"{note[0].upper()}{note[1:].removesuffix('.')}." for note in found.notes),
    ]


def json_text(found: Bench) -> str:
    """The same for programs."""
    told = {
        "format": FORMAT,
        "student": str(found.student),
        "teacher": found.teacher or None,
        "rows": found.length,
        "tokens": found.tokens or None,
        "machine": dict(found.machine),
        "notes": list(found.notes),
        "timings": [asdict(t) | {"rows_per_second": t.rows_per_second} for t in found.timings],
    }
    return json.dumps(told, indent=1) + "\n"


def _short(value: float) -> str:
    """Three digits that matter."""
    return f"{value:.3f}" if value < 1 else f"{value:.2f}" if value < 100 else f"{value:.0f}"
