"""Gain of each member alone: one change to a student trained on labels."""

import multiprocessing
import resource
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from statistics import fmean, stdev
from typing import Any

import pandas as pd

from autodistill.analysis.comparison import Comparison
from autodistill.prepare.teacher_tuning import PRELOAD
from autodistill.prepare.views import Views
from autodistill.prepare.workspace import PreparedWorkspace
from autodistill.registry import families
from autodistill.registry.slots import slots
from autodistill.runtime.progress import Screen
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.study.results import TrialGroup
from autodistill.study.stages import allows
from autodistill.training.rungs import never
from autodistill.training.trial import TrialSpec, run_trial
from autodistill.training.trial_data import TrialData

CE, KL = Part("ce"), Part("kl", {"temperature": 2.0})
SKIP = Part("skip")
BASES = {
    "logits": (Term(CE, 0.5), Term(KL, 0.5)),
    "features": (Term(CE, 0.5), Term(KL, 0.5), Term(Part("mse"), 0.5, SKIP)),
    "squares": (Term(CE, 0.5), Term(Part("logit_mse"), 0.5)),
    "labels": (Term(CE, 1.0),),
}
"""Terms for trying a treatment: the first combination that it is allowed in."""


@dataclass(frozen=True)
class Case:
    """One member in its recipe."""

    stage: str
    member: str
    pipeline: Pipeline


@dataclass(frozen=True)
class Size:
    """Size of every run."""

    rows: int
    epochs: int
    seeds: int


def cases(workspace: PreparedWorkspace) -> Iterator[Case]:
    """The student alone, then every member allowed for the task and teacher.

    Members have their default knobs.
    """
    choices = workspace.space.slots
    plain = Pipeline(
        Part("cut", {"keep": 0.5}), (Term(CE, 1.0),), Part("adamw", {"lr": 2e-4, "batch": 32})
    )
    yield Case("control", "ce", plain)
    found: dict[str, Callable[[Part], tuple[Term, ...]]] = {
        "hard": lambda part: (Term(part, 1.0),),
        "logit": lambda part: (Term(CE, 0.5), Term(part, 0.5)),
        "feature": lambda part: (Term(CE, 1.0), Term(part, 0.5, SKIP)),
        "mapping": lambda part: (Term(CE, 1.0), Term(Part("mse"), 0.5, part)),
        "connector": lambda part: (Term(CE, 1.0), Term(Part("mse"), 0.5, SKIP, part)),
    }
    for stage, terms in found.items():
        for name in choices.get(stage, {}):
            if name != "none" and (stage, name) != ("hard", "ce"):
                yield Case(stage, name, replace(plain, terms=terms(Part(name))))
            if stage == "feature" and "on" in choices[stage][name]:
                yield Case(
                    stage,
                    f"{name} on tokens",
                    replace(plain, terms=terms(Part(name, {"on": "tokens"}))),
                )
    for stage in slots("stage"):
        names = tutors(workspace) if stage == "tutor" else choices.get(stage, {})
        for name in (n for n in names if n != "none"):
            terms_of = next(t for t in BASES.values() if allows(stage, name, t, {}))
            yield Case(stage, name, replace(plain, terms=terms_of, stages={stage: Part(name)}))


def tutors(workspace: PreparedWorkspace) -> list[str]:
    """Tutors that can be built; the space `everything` has none."""
    from_start = {
        n for n in families.names("tutors") if families.card("tutors", n).traits.get("from_start")
    }
    return [n for n in families.names("tutors") if workspace.untuned or n not in from_start]


def members(
    workspace: PreparedWorkspace,
    size: Size,
    workers: int,
    say: Callable[[str], None],
    stages: Sequence[str] = (),
) -> pd.DataFrame:
    """One row per member: scores, gain over the student alone, seconds and memory.

    The gain has its interval; seconds and memory are those beyond the student alone's.
    """
    lessons, wanted = (
        Views(workspace, Screen()),
        [c for c in cases(workspace) if not stages or c.stage in ("control", *stages)],
    )
    beside = [(lessons(case.pipeline), lessons.tutored(case.pipeline)) for case in wanted]
    tickets = [
        (
            place,
            TrialSpec(
                place,
                case.pipeline,
                seed,
                size.rows,
                size.epochs,
                views=beside[place][0],
                tutored=beside[place][1],
            ),
        )
        for seed in range(size.seeds)
        for place, case in enumerate(wanted)
        for seed in (
            [seed, seed + size.seeds] if case.stage == "control" else [seed]
        )  # the control is in every comparison
    ]
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(PRELOAD))
    outcomes: dict[int, list[dict[str, Any]]] = {place: [] for place in range(len(wanted))}
    with ProcessPoolExecutor(workers, mp_context=context, max_tasks_per_child=1) as pool:
        running = {pool.submit(one_run, workspace.data, ticket): place for place, ticket in tickets}
        for count, done in enumerate(as_completed(running), 1):
            outcomes[running[done]].append(done.result())
            say(
                f"{count} of {len(running)}: {wanted[running[done]].stage} "
                f"{wanted[running[done]].member}"
            )
    return table(workspace, wanted, [outcomes[place] for place in range(len(wanted))])


def one_run(data: TrialData, ticket: TrialSpec) -> dict[str, Any]:
    """A trial and the peak memory of its process; an error is part of the result."""
    try:
        found = run_trial(data, ticket, never)
    except Exception as error:
        return {"error": repr(error)}
    return {**asdict(found), "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3}


def table(
    workspace: PreparedWorkspace, wanted: list[Case], outcomes: list[list[dict[str, Any]]]
) -> pd.DataFrame:
    """Table of the results in the order of the cases, the baseline first."""
    whole = [(c, runs) for c, runs in zip(wanted, outcomes) if not any("error" in r for r in runs)]
    groups = [
        TrialGroup(
            c.pipeline,
            tuple(r["score"] for r in runs),
            (),
            {},
            predictions=tuple(r["predictions"] for r in runs),
        )
        for c, runs in whole
    ]
    metric = families.build("metrics", workspace.data.metric, {})
    comparison = Comparison(groups, metric.of_rows, workspace.selection)
    seconds, memory = (
        fmean(_cost(r, k) for r in whole[0][1]) for k in ("train_seconds", "memory_mb")
    )
    rows = []
    for place, (case, runs) in enumerate(whole):
        gain = comparison.gain(place, 0)
        rows.append(
            {
                "stage": case.stage,
                "member": case.member,
                "score": round(groups[place].mean, 4),
                "deviation": round(stdev(groups[place].scores), 4) if len(runs) > 1 else None,
                "gain": round(gain.value, 4),
                "low": round(gain.low, 4),
                "high": round(gain.high, 4),
                "finding": "control"
                if place == 0
                else "better"
                if gain.low > 0
                else "worse"
                if gain.high < 0
                else "not told apart",
                "seconds": round(fmean(_cost(r, "train_seconds") for r in runs), 1),
                "times_seconds": round(fmean(_cost(r, "train_seconds") for r in runs) / seconds, 2),
                "extra_mb": round(fmean(_cost(r, "memory_mb") for r in runs) - memory),
                "runs": len(runs),
                "recipe": str(case.pipeline),
            }
        )
    failed = [
        (c, next(r["error"] for r in runs if "error" in r))
        for c, runs in zip(wanted, outcomes)
        if any("error" in r for r in runs)
    ]
    rows += [
        {
            "stage": c.stage,
            "member": c.member,
            "finding": f"failed: {why}",
            "recipe": str(c.pipeline),
        }
        for c, why in failed
    ]
    return pd.DataFrame(rows)


def _cost(run: dict[str, Any], key: str) -> float:
    return float(run["cost"][key] if key in run["cost"] else run[key])
