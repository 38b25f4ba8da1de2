"""Numbers of the answer's page, computed again from the database's own tables."""

import json
import re
import sqlite3
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("optuna_dashboard")

from autodistill.search.campaign import restore
from autodistill.storage import Store
from tests.report.server.client import serving
from tests.report.studied import studied


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study's database."""
    path = tmp_path_factory.mktemp("raw") / "x.db"
    restore(studied(), "reviews", Store(str(path)))
    return path


@pytest.fixture(scope="module")
def page(database: Path) -> str:
    """The answer's page."""
    with serving(database) as client:
        return client.get("/studies/reviews").text


@pytest.fixture(scope="module")
def tables(database: Path) -> Iterator[sqlite3.Connection]:
    """The tables, read by nothing of ours."""
    with sqlite3.connect(database) as found:
        yield found


def classes(data: bytes) -> NDArray[np.uint16]:
    """Class indices of the rows, two bytes each."""
    return np.frombuffer(data, "<u2")


def runs(tables: sqlite3.Connection, control: str) -> list[dict[str, Any]]:
    """Complete runs of the small student: right rows, costs.

    Where a recipe was run again with new seeds, only those runs count: the first one chose it.
    """
    (labels,) = tables.execute("select labels from ad_selection").fetchone()
    asked = "select seed, cost, guesses, pipeline from ad_outcome where status = 'complete' and "
    found = [
        {"seed": s, "right": classes(g) == classes(labels), "said": classes(g)} | json.loads(c)
        for s, c, g, p in tables.execute(asked + "control = ?", (control,))
        if json.loads(p)["student"]["name"] == "static"
    ]
    return [run for run in found if run["seed"]] or found


def tiles(page: str) -> dict[str, tuple[str, str]]:
    """Value and detail of each tile."""
    found = re.findall(
        r'<dt>(.*?)</dt><dd class="value">(.*?)</dd><dd class="detail">(.*?)</dd>', page
    )
    return {unescape(name): (unescape(value), unescape(detail)) for name, value, detail in found}


def table(page: str, title: str) -> dict[str, list[str]]:
    """Rows of the table of this title, by their first cell."""
    (body,) = re.findall(rf">{title}</h[234]>.*?<table>(.*?)</table>", page, re.DOTALL)[:1]
    rows = [re.findall(r"<t[dh].*?>(.*?)</t[dh]>", row) for row in body.split("<tr>")[2:]]
    return {unescape(row[0]): [unescape(cell) for cell in row[1:]] for row in rows if row}


def test_the_tiles_are_means_and_costs_of_the_runs(page: str, tables: sqlite3.Connection) -> None:
    taught, alone = runs(tables, ""), runs(tables, "alone")
    (facts,) = tables.execute("select facts from ad_study").fetchone()
    score, plain = (fmean(r["right"].mean() for r in group) for group in (taught, alone))
    share = taught[0]["params"] / json.loads(facts)["teacher_params"]

    found = tiles(page)

    assert found["accuracy, validation"][0] == f"{score:.4f}"
    assert (
        f"the teacher {json.loads(facts)['teacher_score']:.4f}" in found["accuracy, validation"][1]
    )
    assert found["gain of distillation"][0] == f"{score - plain:+.4f}"
    assert found["size"] == (
        f"{taught[0]['size_bytes'] / 1e6:.3g} MB",
        f"{taught[0]['params'] / 1e6:.3g} M parameters, {share:.0%} of the teacher's",
    )
    assert found["speed"][0] == f"{taught[0]['latency_ms']:.2g} ms"


def test_the_rows_that_student_and_teacher_get_right_are_counted(
    page: str, tables: sqlite3.Connection
) -> None:
    labels, teacher = map(
        classes, tables.execute("select labels, teacher from ad_selection").fetchone()
    )
    taught = runs(tables, "")
    right, known = taught[0]["right"], teacher == labels
    same = ~right & ~known & (taught[0]["said"] == teacher)

    found = table(page, "Student and teacher")

    assert {name: int(cells[0]) for name, cells in found.items()} == {
        "both right": int((right & known).sum()),
        "only the student right": int((right & ~known).sum()),
        "only the teacher right": int((~right & known).sum()),
        "both wrong, with the same class": int(same.sum()),
        "both wrong, with different classes": int((~right & ~known & ~same).sum()),
    }


def test_the_ended_trials_are_counted(page: str, tables: sqlite3.Connection) -> None:
    counts = tables.execute("select status, count(*) from ad_outcome group by status").fetchall()

    found = table(page, "How trials ended")

    assert {name: int(cells[0]) for name, cells in found.items()} == dict(counts)
