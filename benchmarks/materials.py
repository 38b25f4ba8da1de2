"""Inputs of the measurements: a dataset without download, as in a search."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from autodistill.prepare.materials import prepare
from autodistill.prepare.workspace import PreparedWorkspace, open_workspace
from autodistill.runtime import cache
from autodistill.runtime.progress import Screen
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.study.study import Study

SYNTHETIC = "synthetic"
"""The sentences of tests/fakes.py, with a tiny teacher trained on them."""
LOGITS_ONLY = (Term(Part("ce"), 0.1), Term(Part("kl", {"temperature": 2.0}), 0.9))


@dataclass(frozen=True)
class Source:
    """Rows and teacher of a measurement."""

    dataset: str = "bbc-news"
    teacher: str = "embedded"
    data_root: Path | None = None
    rows: int = 800
    """Training rows."""
    max_length: int = 32
    space: str = "quick"
    device: str = "cpu"


def materials(source: Source) -> PreparedWorkspace:
    """Tokenised rows, tuned teacher, recorded signals; cached in AUTODISTILL_HOME."""
    if source.dataset == SYNTHETIC:
        dataset, teacher = synthetic()
        source = replace(source, dataset=dataset, teacher=teacher)
    study = Study(
        dataset=source.dataset,
        teacher=source.teacher,
        space=source.space,
        rows=source.rows,
        max_length=source.max_length,
    )
    return prepare(open_workspace(study, Screen(), source.data_root, source.device), Screen())


def default_pipeline(workspace: PreparedWorkspace, *, feature: bool = True) -> Pipeline:
    """The default recipe of the study's space, a search's trial 0.

    With its feature term or with logit terms only.
    """
    made = workspace.space.made_of(workspace.space.default_values())
    return made if feature else replace(made, terms=LOGITS_ONLY)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for a temporary database."""
    with tempfile.TemporaryDirectory(prefix="autodistill-benchmark-") as name:
        yield Path(name)


def synthetic() -> tuple[str, str]:
    """A file of sentences and a tiny teacher that knows them."""
    from tests.fakes import sentences, tiny_teacher, write_csv

    def make(draft: Path) -> None:
        write_csv(draft / "reviews.csv", sentences(1500))
        tiny_teacher(draft / "teacher")

    folder = cache.home() / "benchmarks" / SYNTHETIC
    cache.once(folder, make)
    return str(folder / "reviews.csv"), str(folder / "teacher")
