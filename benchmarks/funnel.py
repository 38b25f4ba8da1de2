"""Value of selecting students by proxies: replays of a study of students.

Every student was trained in that study. In each of 200 replays some of the students are available.
A few of them are trained, selected by a proxy or at random; one seed tells which is best, the
other seeds how good it is. The regret is the lead of the best available student.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from autodistill.errors import SpecError
from autodistill.search.screening.agreement import rank_sum, regret
from autodistill.search.screening.audit import scores_by_student
from autodistill.search.screening.entries import entries_of, values_of
from autodistill.storage.files import read


def funnel(
    study: Path,
    *,
    trained: int,
    pool: int,
    most_params: float,
    resamplings: int,
    say: Callable[[str], None],
) -> dict[str, Any]:
    """Mean regret in points, with its standard error over replays, by selection.

    By each proxy, by those that the audit kept, by all, and at random.

    Where the audit kept none, parameters stand for those that it kept.
    """
    record = read(study)
    scores = scores_by_student(record)
    entries = [
        e
        for e in entries_of(record)
        if len(scores.get(str(e.student), ())) > 1 and e.cost["params"] <= most_params
    ]
    if len(entries) < pool:
        raise SpecError(
            f"{study}: {len(entries)} students of two seeds or more within the limit, "
            f"fewer than --pool {pool}; give a smaller --pool."
        )
    values, off = values_of(entries), record.facts.switched_off or {}
    least = min(len(scores[str(e.student)]) for e in entries)
    truth = [scores[str(e.student)][:least] for e in entries]
    orders = {n: [n] for n in values} | {
        "all": [n for n in values if n != "params"],
        "kept": [n for n in values if n not in (*off, "params")] or ["params"],
    }
    found: dict[str, Any] = {"students": len(entries), "seeds": least, "points": {}}
    for name, names in orders.items():
        chosen, random = regret(
            truth,
            list(rank_sum({n: values[n] for n in names})),
            trained=trained,
            pool=pool,
            resamplings=resamplings,
        )
        found["points"][name] = _points(chosen)
        found["points"]["random"] = _points(random)
    for name, (mean, error) in sorted(found["points"].items(), key=lambda pair: pair[1][0]):
        say(f"{name:16} {mean:5.2f} ± {error:.2f}")
    return found


def _points(lost: Any) -> tuple[float, float]:
    return round(100 * float(lost.mean()), 3), round(
        100 * float(lost.std(ddof=1) / np.sqrt(len(lost))), 3
    )
