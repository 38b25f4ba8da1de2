"""Student selection before the recipe search: limits, proxies, short trainings.

The remaining students go on to the recipe search. A proxy is used as long as it says more than
the number of parameters: once enough students are trained it is audited on their scores, and one
that fails is switched off, for the rest of the study and in its record.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import fmean
from typing import Any

import numpy as np

from autodistill.errors import SpecError
from autodistill.prepare.early_checks import check_early
from autodistill.prepare.materials import materials, untaught
from autodistill.prepare.word_vectors import with_word_vectors
from autodistill.prepare.workspace import PreparedWorkspace, Workspace
from autodistill.registry import families
from autodistill.runtime.device import CPU, Device
from autodistill.runtime.progress import Screen
from autodistill.search.screening.agreement import Agreement, rank_sum
from autodistill.search.screening.audit import ENOUGH, scores_by_student
from autodistill.search.screening.candidates import Candidate, Candidates
from autodistill.search.screening.entries import Entry, entries_of, values_of
from autodistill.search.screening.scoring import Scored, Scorer, possible, score
from autodistill.study.pace import at_pace, pace_of
from autodistill.study.pipeline import Part, Pipeline
from autodistill.study.results import StudyResult
from autodistill.study.rules import NETWORK
from autodistill.study.space import Space
from autodistill.training.trial_data import TrialData

MOST = 36
"""Maximum number of students that are scored."""
SEEDS = 2
"""Short trainings of each student that is trained."""
SURVIVORS = 4
MARGIN = 2
"""Students that are trained beyond those that an audit needs: some may fail."""


def score_students(
    workspace: PreparedWorkspace, screen: Screen, seconds: float = math.inf, most: int = MOST
) -> list[Entry]:
    """Students of different shapes from the study's space, each under every proxy.

    All are within the study's limits.
    """
    names = possible(workspace.task.classes, answered=True)
    made = _score(
        workspace.data,
        workspace.space,
        workspace.study.limits,
        names,
        most,
        screen,
        seconds=seconds,
    )
    return [_entry(s) for s in made]


def score_space(
    workspace: Workspace, names: Sequence[str], most: int, by: str, screen: Screen
) -> list[Scored]:
    """The same before a search.

    Without the trained teacher's predictions, proxies that need them are left out.
    """
    check_early(workspace, screen)
    answered = workspace.is_recorded()
    found = workspace.as_tuned
    data = materials(workspace, found, screen)[0] if answered else untaught(workspace, found)
    data = with_word_vectors(data, workspace, workspace.space, screen)
    known = possible(workspace.task.classes, answered=answered)
    asked = [n for n in known if not names or n in (*names, by, "params")]
    if mute := [n for n in (*names, by) if n and n not in known]:
        screen.line(
            f"          {', '.join(mute)}: "
            f"{'' if answered else 'the teacher is not recorded yet, or the proxy is '}"
            "not applicable to this task"
        )
    return _score(
        *(data, workspace.space, workspace.study.limits, asked, most, screen),
        by=by if by in known else "",
        device=workspace.device,
    )


def _score(
    data: TrialData,
    space: Space,
    limits: Mapping[str, float],
    names: Sequence[str],
    most: int,
    screen: Screen,
    device: Device = CPU,
    **how: Any,
) -> list[Scored]:
    shards = {name: shard.open() for name, shard in data.shards.items()}
    candidates = Candidates(space, data, limits)
    seen, train = shards.get("pixels", shards["full"]), data.train_rows
    scorer = Scorer(data.backbone, seen, train, names, device=device)
    made = score(candidates, scorer, shards, most, screen, **how)
    if candidates.against_limits:
        screen.line(f"students  {candidates.against_limits} exceed the limits")
    if not made:
        raise SpecError(
            "no student of this space is within the limits "
            f"({', '.join(f'{name} {limit:g}' for name, limit in limits.items())}). "
            "Raise --limit, or give a --space with smaller students."
        )
    return made


def _entry(scored: Scored) -> Entry:
    c: Candidate = scored.candidate
    return Entry(c.student, {**c.cost, "trained_params": c.learns}, scored.scores)


def short_recipe(space: Space, student: Part) -> Pipeline:
    """The space's default recipe for this student, without terms that match layers.

    Its learning rate is multiplied by the student's own pace.
    """
    suits = families.card("students", student.name).traits.get("optimizer", "")
    if suits in space.slots["optimizer"]:
        space = space.with_defaults({"optimizer": suits})
    plain = space.made_of(space.default_values())
    terms = tuple(t for t in plain.terms if t.mapping is None)
    whole = sum(t.weight for t in terms)
    before = pace_of(plain.student) if space.scale_rates else 1.0
    optimizer = at_pace(plain.optimizer, pace_of(student) / before)
    return Pipeline(student, tuple(replace(t, weight=t.weight / whole) for t in terms), optimizer)


def believed(record: StudyResult) -> list[str]:
    """The proxies that order students.

    All of them before an audit, afterwards those that it kept, or the number of parameters alone.
    """
    names, off = list(values_of(entries_of(record))), record.facts.switched_off
    return (
        names if off is None else [n for n in names if n not in off and n != "params"] or ["params"]
    )


def switched_off(found: Mapping[str, Agreement]) -> dict[str, str]:
    """Proxies that shall no longer rank students, each with the reason."""
    off = {n: a for n, a in found.items() if not a.is_kept and n != "params"}
    told = f"among students of one size, parameters {found['params'].band:.2f}"
    return {
        n: "it is undefined for most students"
        if math.isnan(a.kendall)
        else f"tau {a.band:.2f} {told}"
        for n, a in off.items()
    }


def listed(record: StudyResult, space: Space) -> list[Pipeline]:
    """Short trainings that are to be done.

    Until proxies are audited, one of each of some students, with each network that is named as one,
    since proxies do not see what it learned before; then the others and second seeds.
    """
    entries, done = entries_of(record), scores_by_student(record)
    if record.facts.switched_off is None:
        likely = in_order(entries, believed(record))
        first, networks = likely[: ENOUGH + MARGIN], dict[Any, Entry]()
        for entry in likely:
            networks.setdefault(entry.student.knobs.get(NETWORK), entry)
        first += [e for n, e in networks.items() if isinstance(n, str) and e not in first]
        return [short_recipe(space, e.student) for e in first]
    begun = sorted(
        (e for e in entries if str(e.student) in done), key=lambda e: -done[str(e.student)][0]
    )
    rest = in_order([e for e in entries if str(e.student) not in done], believed(record))
    return [short_recipe(space, e.student) for e in (*begun, *rest)] * SEEDS


def lines(record: StudyResult) -> list[str]:
    """The audit's result, for people."""
    kept = [n for n in believed(record) if n != "params"]
    told = (
        f"{', '.join(kept)} say more than the number of parameters"
        if kept
        else "none says more than the number of parameters"
    )
    off = record.facts.switched_off or {}
    return [
        f"proxies   on {len(scores_by_student(record))} trained students: {told}; {len(off)} "
        "switched off"
    ]


def in_order(entries: Sequence[Entry], names: Sequence[str]) -> list[Entry]:
    """Students by the sum of their ranks under these proxies, best first.

    Of equal ones the smaller first.
    """
    values = values_of(entries)
    likely = rank_sum({n: values[n] for n in names if n in values})
    return [
        entries[i]
        for i in sorted(range(len(entries)), key=lambda i: (-likely[i], entries[i].cost["params"]))
    ]


def survivors(record: StudyResult, most: int = SURVIVORS) -> tuple[Part, ...]:
    """The students with the best short trainings, and the fastest tied one.

    Tied: within noise of the best.
    """
    scores, known = scores_by_student(record), {str(e.student): e for e in entries_of(record)}
    means = {s: fmean(v) for s, v in scores.items() if s in known}
    best = sorted(means, key=lambda s: -means[s])[:most]
    pairs = [v for v in scores.values() if len(v) > 1]
    noise = math.sqrt(fmean(float(np.var(v, ddof=1)) for v in pairs) / SEEDS) if pairs else 0.0
    near = [s for s in means if means[best[0]] - means[s] <= 2 * noise] if best else []
    if near and (fastest := min(near, key=lambda s: known[s].cost["latency_ms"])) not in best:
        best[-1] = fastest
    return tuple(known[s].student for s in best)
