"""The notebook and the guide to Python are run as a reader runs them, with a tiny teacher."""

import os
import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient

from tests.fakes import sentences, tiny_teacher, write_csv
from tests.paths import ROOT
from tests.test_front_door import blocks

SMALL = {
    "parameters": 'BUDGET = {"trials": 3, "workers": 2}',
    "data": 'frame = pd.read_csv("reviews.csv")',
}
"""Stand-ins for the notebook's own cells, by tag: after one, or instead."""


def test_the_notebook_carries_no_outputs() -> None:
    notebook = nbformat.read(ROOT / "docs/quickstart.ipynb", as_version=4)

    assert [c.outputs for c in notebook.cells if c.cell_type == "code" and c.outputs] == []
    nbformat.validate(notebook)


@pytest.mark.slow
def test_the_notebook_runs_and_shows_its_progress(
    folder: Path, teacher: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_csv(folder / "reviews.csv", sentences(300))
    monkeypatch.setenv("AUTODISTILL_TEACHER", str(teacher))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    notebook = nbformat.read(ROOT / "docs/quickstart.ipynb", as_version=4)
    for cell in notebook.cells:
        match cell.metadata.get("tags", []):
            case ["parameters"]:
                cell.source += "\n" + SMALL["parameters"]
            case ["data"]:
                cell.source = SMALL["data"]

    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}})
    client.execute()

    outputs = [o for c in notebook.cells if c.cell_type == "code" for o in c.outputs]
    streams = "".join(o.text for o in outputs if o.output_type == "stream")
    shown = "".join(o.data.get("text/html", "") for o in outputs if "data" in o)
    assert re.search(r"^trial +0 ", streams, re.MULTILINE)
    assert "3 runs, best " in shown
    assert (folder / "student/model.safetensors").is_file()
    assert not [o for o in outputs if o.output_type == "stream" and o.name == "stderr"], streams


@pytest.mark.slow
def test_every_block_of_the_guide_runs(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    glue = tmp_path / "data/glue/sst2"
    glue.mkdir(parents=True)
    for split, seed in (("train", 3), ("validation", 4)):
        rows = [(text, int(label == "pos")) for text, label in sentences(200, seed)]
        frame = pd.DataFrame(rows, columns=["sentence", "label"])
        frame.to_parquet(glue / f"{split}-00000-of-00001.parquet")
    write_csv(folder / "reviews.csv", sentences(200))
    teacher = tiny_teacher(tmp_path / "teacher", labels=("LABEL_0", "LABEL_1"))
    monkeypatch.setenv("AUTODISTILL_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("AUTODISTILL_TEACHER", str(teacher))
    namespace: dict[str, object] = {"__name__": "__main__"}

    for block in blocks():
        small = re.sub(
            r'(ad\.(search|DistilledClassifier)\(.*)budget="\w+"', r"\1trials=3, workers=2", block
        )
        exec(compile(small, "docs/python.md", "exec"), namespace)

    assert sorted(os.listdir(folder))[-2:] == ["reviews.csv", "student"]
    assert (folder / "report.html").is_file()
