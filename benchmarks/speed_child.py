"""Trials of one checkout, run as told on standard input: the same script for old and new code.

It is given to `python -c` in the checkout's folder, so it imports that checkout's modules.
"""

import json
import sys
import time
from dataclasses import asdict
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.materials import Source, default_pipeline, materials

NAMES = {
    "autodistill.training.trial": ("autodistill.study.pipeline", "TrialSpec"),
    "autodistill.train.trial": ("autodistill.pipeline", "Ticket"),  # in a48274c
}
"""Modules of trials, those of pipelines beside them, and the name of a run's description."""
trial = next(name for name in NAMES if find_spec(name.rpartition(".")[0]))
Pipeline = import_module(NAMES[trial][0]).Pipeline
TrialSpec = getattr(import_module(trial), NAMES[trial][1])
run_trial = import_module(trial).run_trial


def serve(asked: dict[str, Any]) -> None:
    """Answer each line with one: `pipelines`, then for each run its seconds and score."""
    torch.set_num_threads(1)
    root = Path(asked["data_root"]) if asked["data_root"] else None
    source = (asked["dataset"], asked["teacher"], root, asked["rows"], asked["max_length"])
    made = {space: materials(Source(*source, space)) for space in asked["spaces"]}
    say({space: default_pipeline(w).to_dict() for space, w in made.items()})
    for line in sys.stdin:
        order = json.loads(line)
        spec = TrialSpec(
            -1,
            Pipeline.from_dict(order["pipeline"]),
            order["seed"],
            asked["rows"],
            asked["epochs"],
        )
        data = made[order["space"]].data
        if order["count"]:
            with FlopCounterMode(display=False) as counter:
                run_trial(data, spec, never)
            say({"flops": counter.get_total_flops()})
            continue
        begin = time.perf_counter()
        found: Any = run_trial(data, spec, never)
        seconds = time.perf_counter() - begin
        found = found if isinstance(found, dict) else asdict(found)
        say(
            {
                "seconds": seconds,
                "score": found["score"],
                "evaluation": found["cost"]["evaluation_seconds"] / seconds,
            }
        )


def never(_: int, __: float) -> bool:
    """The reply to reports of a run that is never stopped."""
    return False


def say(line: dict[str, Any]) -> None:
    """One line of JSON; what libraries print goes elsewhere."""
    print("\n" + MARK + json.dumps(line), flush=True)


MARK = "speed: "
if __name__ == "__main__":
    serve(json.loads(sys.argv[1]))
