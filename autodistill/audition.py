"""Students before recipes: limits, then proxies, then a short training of each; those that are left go on to the recipe search.

A proxy is believed as long as it says more than the number of parameters does: once enough students are trained it is audited on their
scores, and one that does not is switched off, for the rest of the study and in its record.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any

import numpy as np

from autodistill import family
from autodistill.candidates import Candidate, Candidates
from autodistill.domain import Real
from autodistill.errors import SpecError
from autodistill.pipeline import Part, Pipeline
from autodistill.prepare import Looked, Prepared, materials, median_length, untaught
from autodistill.ranking import Agreement, agreements, rank_sum
from autodistill.record import Record
from autodistill.scoring import Scored, Scorer, possible, score
from autodistill.screen import Screen
from autodistill.space import Space
from autodistill.train.materials import TrialData

MOST = 36
"""Students that are scored."""
SEEDS = 2
"""Short trainings of each student that is trained."""
DROPPED = 1 / 3
"""Share of the students, those that proxies rank lowest, that are not trained where time is short."""
SURVIVORS = 4
ENOUGH = 12
"""Trained students from which proxies are audited."""


@dataclass(frozen=True)
class Entry:
    """A student as a study of students keeps it."""

    student: Part
    cost: Mapping[str, float]
    scores: Mapping[str, tuple[float, float]]
    """Mean and deviation over batches and starts, by proxy."""

    def to_dict(self) -> dict[str, Any]:
        """As plain data; a score that is not a number is left out."""
        kept = {n: list(v) for n, v in self.scores.items() if not math.isnan(v[0])}
        return {"student": self.student.to_dict(), "cost": dict(self.cost), "scores": kept}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Entry":
        """From plain data."""
        return cls(Part.from_dict(data["student"]), data["cost"], {n: (v[0], v[1]) for n, v in data["scores"].items()})


def entries_of(record: Record) -> list[Entry]:
    """Students of a study of students, in the order in which they were scored; none in another one."""
    return [Entry.from_dict(e) for e in record.facts.get("students", ())]


def score_students(prepared: Prepared, screen: Screen, most: int = MOST) -> list[Entry]:
    """Students of different shapes from the study's space, within its limits, each under every proxy."""
    names = possible(prepared.task.classes, answered=True)
    return [_entry(s) for s in _score(prepared.data, prepared.space, prepared.study.limits, names, most, "", screen)]


def score_space(looked: Looked, names: Sequence[str], most: int, by: str, screen: Screen) -> list[Scored]:
    """The same before a search; no proxies that need the trained teacher's answers where there are none yet."""
    answered = looked.recorded()
    found = looked.tuned or replace(looked.found, label_names=looked.task.label_names, tuned=True)
    data = materials(looked, found, screen)[0] if answered else untaught(looked, found)
    known = possible(looked.task.classes, answered=answered)
    asked = [n for n in known if not names or n in (*names, by, "params")]
    if mute := [n for n in (*names, by) if n and n not in known]:
        screen.line(
            f"          {', '.join(mute)}: {'' if answered else 'the teacher has not answered yet, or it '}says nothing of this task"
        )
    return _score(data, looked.space, looked.study.limits, asked, most, by if by in known else "", screen)


def _score(
    data: TrialData, space: Space, limits: Mapping[str, float], names: Sequence[str], most: int, by: str, screen: Screen
) -> list[Scored]:
    shards = {name: shard.open() for name, shard in data.shards.items()}
    candidates = Candidates(space, data.backbone, data.vocabularies, median_length(data.shards["full"]), limits)
    scorer = Scorer(data.backbone, shards["full"], data.train_rows, names)
    made = score(candidates, scorer, shards, most, screen, by)
    if candidates.against_limits:
        screen.line(f"students  {candidates.against_limits} are over the limits")
    if not made:
        raise SpecError("no student of this space is within the limits. Raise --limit, or give a --space with smaller students.")
    return made


def _entry(scored: Scored) -> Entry:
    c: Candidate = scored.candidate
    return Entry(c.student, {**c.cost, "trained_params": c.learns}, scored.scores)


def short_recipe(space: Space, student: Part) -> Pipeline:
    """The space's default recipe for this student, without what looks at layers; its rate times what suits the student."""
    values = space.default_values()
    plain = space.sample(lambda name, _: values[name])
    terms = tuple(t for t in plain.terms if t.mapping is None)
    whole = sum(t.weight for t in terms)
    pace = float(getattr(family.get("students", student.name), "pace", 1.0))
    domain = family.card("optimizers", plain.optimizer.name).knobs["lr"].domain
    assert isinstance(domain, Real)
    rate = min(max(plain.optimizer.knobs["lr"] * pace, domain.low), domain.high)
    optimizer = replace(plain.optimizer, knobs={**plain.optimizer.knobs, "lr": rate})
    return Pipeline(student, tuple(replace(t, weight=t.weight / whole) for t in terms), optimizer)


def scores_by_student(record: Record) -> dict[str, list[float]]:
    """Scores of complete short trainings, by student, in the order of their seeds."""
    found: dict[str, list[float]] = {}
    for outcome in sorted(record.outcomes, key=lambda o: o.seed):
        if outcome.status == "complete" and outcome.score is not None and not outcome.control:
            found.setdefault(str(outcome.pipeline.student), []).append(outcome.score)
    return found


def audit(record: Record) -> dict[str, Agreement]:
    """Of every proxy with the study's own short trainings; nothing where fewer than `ENOUGH` students are trained."""
    scores = scores_by_student(record)
    trained = [e for e in entries_of(record) if str(e.student) in scores]
    if len(trained) < ENOUGH:
        return {}
    truth = [fmean(scores[str(e.student)]) for e in trained]
    return agreements(truth, [e.cost["params"] for e in trained], values_of(trained))


def values_of(entries: Sequence[Entry]) -> dict[str, list[float]]:
    """By proxy, one value a student."""
    names = dict.fromkeys(n for e in entries for n in e.scores)
    return {n: [e.scores[n][0] if n in e.scores else math.nan for e in entries] for n in names}


def believed(record: Record, found: Mapping[str, Agreement]) -> list[str]:
    """The proxies that order students: all of them before an audit, afterwards those that it keeps, or the number of parameters alone."""
    names = list(values_of(entries_of(record)))
    kept = [n for n in names if n in found and found[n].is_kept]
    return names if not found else kept or ["params"]


def in_order(entries: Sequence[Entry], names: Sequence[str]) -> list[Entry]:
    """Likeliest first, by the sum of their ranks under these proxies; equal ones the smaller first."""
    values = values_of(entries)
    likely = rank_sum({n: values[n] for n in names if n in values})
    return [entries[i] for i in sorted(range(len(entries)), key=lambda i: (-likely[i], entries[i].cost["params"]))]


def survivors(record: Record, most: int = SURVIVORS) -> tuple[Part, ...]:
    """The students with the best short trainings, and the fastest one that their noise does not tell from the best."""
    scores, known = scores_by_student(record), {str(e.student): e for e in entries_of(record)}
    means = {s: fmean(v) for s, v in scores.items() if s in known}
    best = sorted(means, key=lambda s: -means[s])[:most]
    pairs = [v for v in scores.values() if len(v) > 1]
    noise = math.sqrt(fmean(float(np.var(v, ddof=1)) for v in pairs) / SEEDS) if pairs else 0.0
    near = [s for s in means if means[best[0]] - means[s] <= 2 * noise] if best else []
    if near and (fastest := min(near, key=lambda s: known[s].cost["latency_ms"])) not in best:
        best[-1] = fastest
    return tuple(known[s].student for s in best)
