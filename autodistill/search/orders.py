"""A trial and its end as JSON, for a machine that joined the search."""

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from autodistill.runtime.workers import Ended
from autodistill.storage.rows import plain
from autodistill.study.packed import pack, unpack
from autodistill.study.pipeline import Pipeline
from autodistill.study.results import TrialResult
from autodistill.training.trial import TrialSpec


def spec_to_dict(ticket: TrialSpec, timeout_seconds: float) -> dict[str, Any]:
    """A trial without the files that it reads: whoever runs it makes these from the pipeline."""
    return {
        "number": ticket.number,
        "pipeline": ticket.pipeline.to_dict(),
        "seed": ticket.seed,
        "rows": ticket.rows,
        "epochs": ticket.epochs,
        "baseline": ticket.baseline,
        "timeout_seconds": timeout_seconds,
    }


def spec_of(data: Mapping[str, Any]) -> TrialSpec:
    """The trial of such a dictionary, without views and tutor."""
    kept = {k: v for k, v in data.items() if k not in ("pipeline", "timeout_seconds")}
    return TrialSpec(pipeline=Pipeline.from_dict(data["pipeline"]), **kept)


def end_to_dict(event: Ended) -> dict[str, Any]:
    """The end of a trial; numbers that are not finite are left out, as the store does."""
    result = None
    if event.result is not None:
        found: TrialResult = event.result
        result = {
            **plain(asdict(found)),
            "curve": [[step, value] for step, value in found.curve if math.isfinite(value)],
            "predictions": pack(found.predictions),
        }
    told = {"status": event.status, "error": event.error.replace("\0", "")}
    return {**told, "seconds": event.seconds, "result": result}


def end_of(number: int, data: Mapping[str, Any]) -> Ended:
    """The end of the trial of this number."""
    result = None
    if (found := data["result"]) is not None:
        result = TrialResult(
            **{
                **found,
                "curve": tuple((int(step), float(value)) for step, value in found["curve"]),
                "predictions": unpack(found["predictions"]),
            }
        )
    return Ended(number, data["status"], result, data["error"], data["seconds"])
