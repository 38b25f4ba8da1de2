"""Predictions for a file or a stream of rows, a few thousand at a time.

As many rows come out as go in, in their order.
"""

import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodistill.datasets._arrow import ArrowColumns
from autodistill.datasets._header import distinct
from autodistill.datasets._inputs import InputColumns, Wanted, texts_of
from autodistill.datasets._labels import some
from autodistill.datasets._table import Table
from autodistill.deploy.answers import answer_columns, answer_names
from autodistill.deploy.inputs import images_of, text_rows
from autodistill.deploy.row_inputs import Survey, open_inputs, survey
from autodistill.deploy.student import BATCH, Student
from autodistill.deploy.writers import Writer, ending_of, opened
from autodistill.errors import SpecError, choose_from
from autodistill.runtime import streams
from autodistill.runtime.progress import Screen, Tick, short

ROW = "row"
ALL, NONE = ("all",), ("none",)
IMAGES_AT_ONCE = 256
Note = Callable[[str], None]


@dataclass(frozen=True)
class Asked:
    """The rows to predict, and what is written of them."""

    rows: str
    """A file, a folder of images, or - for standard input."""
    format: str = "auto"
    columns: Mapping[str, str] = field(default_factory=dict)
    out: Path | None = None
    """None: standard output."""
    proba: bool = False
    keep: tuple[str, ...] = ALL
    """The row's own columns that are written: all, none, or some by name."""
    batch: int = BATCH


@dataclass
class Predicted:
    """Counts of the predictions."""

    labels: Counter[str] = field(default_factory=Counter)
    missing: list[int] = field(default_factory=list)
    """Rows without a text."""
    seconds: float = 0.0

    @property
    def rows(self) -> int:
        """All rows."""
        return self.labels.total() + len(self.missing)


def predict_file(student: Student, asked: Asked, screen: Screen) -> Predicted:
    """Predict all rows and write them; raises AutodistillError."""
    out, wanted = asked.out, Wanted(str(student.folder), student.of_images, student.reads_pairs)
    end = ending_of(out) if out is not None else ""
    rows = open_inputs(asked.rows, asked.format, asked.columns, wanted)
    known, chunks = survey(rows, asked.columns, wanted)
    labels = student.labels if asked.proba else ()
    own = _own_columns(known, asked.keep)
    names = distinct((*own, *answer_names(labels)))[0]
    screen.line(f"reading   {asked.rows}: {known.columns}{_read_as(rows.kind)}")
    screen.line(f"engine    {student.network.name}")
    job = _Job(student, asked, known.columns, own, names, _noted(screen))
    for note in rows.notes:
        job.note(note)
    end = end or (".jsonl" if rows.is_json else ".csv")
    # a bar would be redrawn between the rows on the same terminal
    is_seen = out is None and sys.stdout.isatty()
    bar = nullcontext(lambda done, total: None) if is_seen else screen.bar("predicting")
    with bar as tick, opened(out, end, names) as writer:
        done = job.write(chunks, writer, tick, known.rows)
    for line in lines(done):
        screen.line(line)
    return done


def lines(done: Predicted) -> list[str]:
    """Counts and pace, for people."""
    shares = [f"{name} {count / done.rows:.1%}" for name, count in done.labels.most_common()]
    pace = done.rows / max(done.seconds, 1e-9)
    found = [
        f"predicted {done.rows:,} rows in {short(done.seconds)} ({pace:,.0f} a second): "
        f"{some(shares) or 'none'}"
    ]
    if done.missing:
        found.append(
            f"          {len(done.missing):,} of them have no text, and an empty prediction: row "
            f"{some(done.missing)}"
        )
    return found


@dataclass(frozen=True)
class _Job:
    """Rows on their way to predictions."""

    student: Student
    asked: Asked
    columns: InputColumns
    own: tuple[str, ...]
    names: tuple[str, ...]
    note: Note

    def write(
        self, chunks: Iterator[Table], writer: Writer, tick: Tick, total: int | None
    ) -> Predicted:
        """Predict and write all chunks; to the end, or until nobody reads what is printed."""
        done, begin = Predicted(), time.perf_counter()
        for table in chunks:
            before = done.rows
            predicted = self._predicted(table, done)
            writer.write(self._own(table, before), predicted)
            if total:
                tick(done.rows, total)
            if self.asked.out is None and streams.is_refused():
                break
        done.seconds = time.perf_counter() - begin
        return done

    def _own(self, table: Table, before: int) -> Mapping[str, Sequence[Any]]:
        count = len(table.rows)
        if self.own == (ROW,) and ROW not in table.columns:
            return {ROW: range(before + 1, before + count + 1)}
        if isinstance(table.columns, ArrowColumns):
            return table.columns.only(self.own)
        return {name: table.columns.get(name, [None] * count) for name in self.own}

    def _predicted(self, table: Table, done: Predicted) -> dict[str, list[Any]]:
        """The columns of the predictions, empty where there is no text."""
        for note in table.notes:
            self.note(note)
        there, logits = self._logits(table, first=not done.rows)
        count = len(table.rows)
        found: list[list[Any]] = [[None] * count for _ in self.names[len(self.own) :]]
        answers = answer_columns(self.student, logits, proba=self.asked.proba)
        for column, values in zip(found, answers):
            for place, value in zip(there, values):
                column[place] = value
        done.labels.update(answers[0])
        done.missing += [table.rows[i] for i in sorted({*range(count)} - {*there})]
        return dict(zip(self.names[len(self.own) :], found))

    def _logits(self, table: Table, *, first: bool) -> tuple[list[int], NDArray[np.float32]]:
        """The places of the rows that have an input, and their logits."""
        student, asked = self.student, self.asked
        if student.of_images:
            return self._image_logits(table)
        texts, pairs, notes = texts_of(table, self.columns, first=first)
        for note in notes:
            self.note(note)
        given = list(zip(*filter(None, (texts, pairs))))
        there = [i for i, row in enumerate(given) if None not in row]
        if not there:
            return [], np.empty((0, len(student.labels)), dtype=np.float32)
        part = text_rows([given[i] for i in there], 0, pairs=pairs is not None)
        return there, student.text_logits(part, asked.batch)

    def _image_logits(self, table: Table) -> tuple[list[int], NDArray[np.float32]]:
        values = table.columns[self.columns.text]
        there = [i for i, value in enumerate(values) if value]
        found = [np.empty((0, len(self.student.labels)), dtype=np.float32)]
        for start in range(0, len(there), IMAGES_AT_ONCE):
            part = there[start : start + IMAGES_AT_ONCE]
            rows = [table.rows[i] for i in part]
            images, notes = images_of([values[i] for i in part], table.where, rows)
            for note in notes:
                self.note(note)
            found.append(self.student.image_logits(images, self.asked.batch))
        return there, np.concatenate(found)


def _own_columns(known: Survey, keep: tuple[str, ...]) -> tuple[str, ...]:
    """The row's own columns that are written; raises SpecError for one that is not there."""
    if keep == NONE:
        return (ROW,)
    if keep == ALL:
        dropped = known.columns.text if known.holds_images else ""
        return tuple(name for name in known.names if name != dropped) or (ROW,)
    if problems := [
        choose_from("column", name, known.names, "--keep")
        for name in keep
        if name not in known.names
    ]:
        raise SpecError(problems)
    return keep


def _read_as(kind: str) -> str:
    if kind == "lines":
        return "; each line is a text (--format csv where the first line names columns)"
    return f"; read as {kind.upper()}" if kind else ""


def _noted(screen: Screen) -> Note:
    """A way to print a note once, whatever the numbers in it."""
    seen = set[str]()

    def note(text: str) -> None:
        key = re.sub(r"\d[\d,]*", "", text)
        if key not in seen:
            screen.line(f"note      {text}")
        seen.add(key)

    return note
