"""The text on a study for Optuna's pages: attributes in words, the recommendation as its note."""

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from autodistill.analysis.recommendation import recommend
from autodistill.errors import SpecError
from autodistill.report.answer import BASELINES
from autodistill.report.headline import headline
from autodistill.report.server.library import Library
from autodistill.report.server.links import run_link, runs_link, study_link
from autodistill.report.server.runs import recipe_words
from autodistill.storage.watch import StudyState
from autodistill.study.results import Trial

SIGNS = re.compile(r"([\\`*_{}\[\]()#+!|~$-])")
"""Signs that mean something in Markdown."""


class LibraryNotes:
    """Notes on the studies of a library."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._notes: dict[str, tuple[StudyState, str]] = {}
        self._trials: dict[tuple[str, str], dict[int, dict[str, Any]]] = {}

    def studies(self) -> Mapping[str, Mapping[str, Any]]:
        """Dataset, metric, teacher's score and page of every study."""
        return {
            line.name: {
                "page": study_link(line.name),
                "dataset": line.dataset,
                "metric": line.metric,
                **({} if line.teacher_score is None else {"teacher's score": line.teacher_score}),
            }
            for line in self.library.lines()
        }

    def note(self, name: str) -> str:
        """The recommendation once no search is under way, and where our pages are."""
        seen = self.library.look(name)
        if seen is None:
            return ""
        state, text = self._notes.get(name, (None, ""))
        if state != seen.state:
            text = "\n\n".join(filter(None, (self._recommended(seen.state), _pages(name))))
            self._notes[name] = seen.state, text
        return text

    def trials(self, name: str) -> Mapping[int, Mapping[str, Any]]:
        """Recipe, student, size, latency and page of every trial that has ended."""
        seen = self.library.look(name)
        if seen is None:
            return {}
        known = self._trials.setdefault((name, seen.state.created), {})
        for trial in self.library.record(seen.state).outcomes:
            if trial.number not in known:
                known[trial.number] = attributes(trial, name)
        return known

    def _recommended(self, state: StudyState) -> str:
        if state.state == "searching":
            return "A search is under way; the recommendation stands here when it ends."
        record = self.library.record(state)
        try:
            recipe, verdict = recommend(record, state.name)
        except SpecError as error:
            return plain(str(error))
        told = [
            f"**Recommended:** {plain(str(recipe.pipeline))}",
            plain(headline(record, verdict)),
        ]
        baselines = [trial.number for trial in record.outcomes if trial.baseline]
        if baselines:
            told.append(
                f"Baselines (trials {', '.join(map(str, baselines[:20]))}"
                f"{', …' if len(baselines) > 20 else ''}) are shown here as pruned, so that best "
                "value, importances and distributions are of recipes alone; their scores are "
                "among their attributes."
            )
        return "\n\n".join(filter(None, told))


def attributes(trial: Trial, name: str) -> dict[str, Any]:
    """A trial in words and numbers that can be sorted by."""
    cost = trial.cost
    told = {
        "page": run_link(name, trial.number),
        "recipe": recipe_words(trial.pipeline),
        "student": str(trial.pipeline.student),
        "baseline": BASELINES.get(trial.baseline, trial.baseline),
        "score": trial.score,
        "size, MB": round(cost["size_bytes"] / 1e6, 3) if "size_bytes" in cost else None,
        "latency, ms": round(cost["latency_ms"], 4) if "latency_ms" in cost else None,
        "seed": trial.seed,
    }
    return {key: value for key, value in told.items() if value not in (None, "")}


def plain(text: str) -> str:
    """Text that says in Markdown what it says."""
    return SIGNS.sub(r"\\\1", escape(text, quote=False))


def _pages(name: str) -> str:
    return f"[Answer]({study_link(name)}) · [Runs]({runs_link(name)})"
