"""A study of students as tables: the students themselves, and the proxies' audit."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from rich.table import Table

from autodistill.search.screening.audit import audit, scores_by_student
from autodistill.search.screening.entries import entries_of
from autodistill.study.results import StudyResult


@dataclass(frozen=True)
class ProxyAudit:
    """A table for people, on the terminal or on a page."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]

    def drawn(self) -> Table:
        """The table for the terminal."""
        table = Table(title=self.title, title_justify="left")
        for place, head in enumerate(self.heads):
            table.add_column(head, justify="right" if place else "left", overflow="fold")
        for row in self.rows:
            table.add_row(*row)
        return table


def students_table(record: StudyResult) -> ProxyAudit:
    """Students by their short trainings."""
    scores, teacher = scores_by_student(record), record.facts.teacher_score or 0.0
    trained = sorted(
        (e for e in entries_of(record) if str(e.student) in scores),
        key=lambda e: -fmean(scores[str(e.student)]),
    )
    rows = []
    for entry in trained:
        own = scores[str(entry.student)]
        cost = f"{entry.cost['params'] / 1e6:.2f}M", f"{entry.cost['latency_ms']:.2f}"
        share = f"{fmean(own) / teacher:.1%}" if teacher else ""
        rows.append((str(entry.student), *cost, f"{fmean(own):.4f}", share, str(len(own))))
    heads = ("student", "params", "ms", record.study.metric or "score", "of the teacher's", "runs")
    return ProxyAudit(f"{len(trained)} students after short trainings, best first", heads, rows)


def audit_table(record: StudyResult) -> ProxyAudit | None:
    """One row a proxy, in the order of their agreement among students of one size.

    None before there are enough students.
    """
    found, off, rows = audit(record), record.facts.switched_off or {}, []
    for name, a in sorted(found.items(), key=lambda pair: -np.nan_to_num(pair[1].band, nan=-2)):
        told = (
            (getattr(a, k), *getattr(a, f"{k}_interval"))
            for k in ("kendall", "spearman", "band", "top")
        )
        cells = [
            "" if math.isnan(value) else f"{value:.2f} ({low:.2f} to {high:.2f})"
            for value, low, high in told
        ]
        rows.append(
            (
                name,
                *cells,
                "" if name == "params" else f"{a.beats_size:.0%}",
                "off" if name in off else "",
            )
        )
    heads = ("proxy", "Kendall", "Spearman", "of one size", "better half", "beats params", "")
    return (
        ProxyAudit("Agreement of proxies with the trained students, 90 % intervals", heads, rows)
        if rows
        else None
    )
