"""A search in Python: `search` runs it, `load_study` reads it again, `SearchResult` answers."""

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import timedelta
from functools import cached_property
from html import escape
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console

from autodistill.analysis.leaderboard import LeaderRow, leaderboard
from autodistill.analysis.recommendation import recommend
from autodistill.analysis.verdict import Verdict
from autodistill.errors import Interrupted
from autodistill.prepare.memory import Data
from autodistill.prepare.quantities import budget_of, engine_of
from autodistill.prepare.question import Study, plain
from autodistill.report.answer import answer_of
from autodistill.report.build import study_of
from autodistill.report.caution import caution
from autodistill.report.sentences import how_sure
from autodistill.report.terminal import print_answer
from autodistill.runtime.notebook import screen_here
from autodistill.runtime.quiet import quietly
from autodistill.search import loop
from autodistill.search.optuna_storage import check_tables
from autodistill.storage.checks import check_storage, check_study_name
from autodistill.study import study as engine
from autodistill.study.places import data_root_of, device_of, past_of, storage_of
from autodistill.study.recipe import Recipe
from autodistill.study.results import StudyResult, Trial
from autodistill.study.study import CLOSING_SHARE

COLUMNS = [field.name for field in fields(LeaderRow)]
WHOLE = dict.fromkeys(("trial", "seeds", "params", "size_bytes"), "Int64")
"""Columns of whole numbers that may be missing."""
SHOWN_ROWS = 12
"""Rows of the leaderboard that are shown below a cell of a notebook."""


@dataclass(frozen=True)
class Recommendation:
    """The recipe that a study recommends, and why."""

    recipe: Recipe
    verdict: Verdict
    """Who leads, who ties, what distillation is worth."""

    @property
    def evidence(self) -> Mapping[str, Any]:
        """The numbers for it, as they are written into the recipe."""
        return self.recipe.evidence

    def __repr__(self) -> str:
        """The pipeline, and how sure."""
        found = caution(self.verdict, str(self.evidence["metric"]))
        told = (found, str(self.recipe.pipeline), how_sure(self.verdict))
        return "\n".join(filter(None, told))


@dataclass(frozen=True, repr=False)
class SearchResult:
    """Everything that a study knows so far."""

    name: str
    record: StudyResult
    """Its question, its trials, what was measured once."""

    @property
    def study(self) -> Study:
        """The question: data in memory and functions as the files that they were kept in."""
        return Study(**self.record.study.to_dict())

    @property
    def trials(self) -> tuple[Trial, ...]:
        """Every run in order, with those that failed or were over a limit."""
        return self.record.outcomes

    @cached_property
    def recommendation(self) -> Recommendation:
        """The recipe to train; raises SpecError when no run is complete yet."""
        return Recommendation(*recommend(self.record, self.name))

    @property
    def summary(self) -> str:
        """The answer as the command line prints it; raises SpecError before a run is complete."""
        chosen, text = self.recommendation, StringIO()
        console = Console(
            file=text,
            markup=False,
            emoji=False,
            highlight=False,
            force_jupyter=False,
            force_terminal=False,
        )
        print_answer(answer_of(self.record, chosen.recipe, chosen.verdict), console)
        return text.getvalue().strip()

    def leaderboard(self) -> pd.DataFrame:
        """Teacher, recipes and baselines with scores, intervals and costs, as in the answer.

        Its columns are the fields of LeaderRow; empty before a recipe's run is complete.
        """
        if not self.record.leaders():
            return pd.DataFrame(columns=COLUMNS)
        rows = leaderboard(self.record, self.recommendation.verdict)
        return pd.DataFrame([asdict(row) for row in rows], columns=COLUMNS).astype(WHOLE)

    def __repr__(self) -> str:
        """The name, and what came of it."""
        return f"SearchResult({self.name!r}: {self._counts()})"

    def _counts(self) -> str:
        best = self.record.best
        score = "no complete run of a recipe yet" if best is None else f"best {best:.4f}"
        return f"{len(self.record.finished)} runs, {score}"

    def _repr_html_(self) -> str:
        table = self.leaderboard().drop(columns="size_bytes").head(SHOWN_ROWS)
        shown = table.to_html(index=False, border=0, float_format="{:.4g}".format, na_rep="")
        chosen = escape(repr(self.recommendation)) if self.record.leaders() else ""
        return f"<b>{escape(self.name)}</b>: {escape(self._counts())}{shown}<pre>{chosen}</pre>"


def search(
    study: engine.Study | Data,
    *,
    budget: str | timedelta = "",
    trials: int | None = None,
    closing_share: float = CLOSING_SHARE,
    name: str = "",
    storage: str | os.PathLike[str] | None = None,
    workers: int = 0,
    data_root: str | os.PathLike[str] | None = None,
    past: bool | None = None,
    device: str = "",
    engine: str = "local",
    address: str = "",
) -> SearchResult:
    """Find a recipe for a question, or for a dataset; call it again to go on where it stopped.

    The budget, such as "20m" or "1h30m", and `trials` are totals of the study, over all calls:
    the first one that is spent ends it; twenty minutes where neither is given. `workers` trials
    run at once, one per core for 0. `storage` is the study database, autodistill.db in this folder
    or as AUTODISTILL_STORAGE says; `past` lets past studies suggest recipes.
    `device` is cpu, cuda, cuda:1 or mps; by default as AUTODISTILL_DEVICE says, or auto: CUDA
    cards, else the CPU. `engine` is local or ray: trials run in processes of this machine, or in
    the Ray cluster at `address` (host:port; by default as RAY_ADDRESS says, or this machine's).

    Ctrl-C, or the stop button of a notebook, raises KeyboardInterrupt. Every finished trial is
    kept: `load_study(name)` has them, the message says the name, and the same call goes on.
    Raises AutodistillError with what the command line would say.
    """
    allowed, place = budget_of(budget, trials, closing_share), storage_of(storage)
    cluster, at_once = engine_of(engine, address, workers)
    check_storage(place)
    check_study_name(name, place)
    check_tables(place)
    try:
        with quietly():
            found = loop.search(
                plain(study),
                allowed,
                storage=place,
                workers=at_once,
                data_root=data_root_of(data_root),
                name=name,
                screen=screen_here(),
                past=past_of(past),
                device=device_of(device),
                address=cluster,
            )
    except Interrupted as stop:
        raise KeyboardInterrupt(
            f"everything finished is kept: load_study({str(stop)!r}) has it, "
            "the same search goes on"
        ) from None
    return SearchResult(name or found.workspace.study.name, found.record)


def load_study(
    name: str | os.PathLike[str], *, storage: str | os.PathLike[str] | None = None
) -> SearchResult:
    """A study of the database, or of a published folder, so far; raises SpecError."""
    return SearchResult(Path(name).name, study_of(os.fspath(name), storage_of(storage)))
