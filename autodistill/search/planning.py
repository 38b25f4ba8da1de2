"""A search's cost and the difference it could show, before anything is spent."""

import os
from datetime import timedelta

from autodistill.prepare.memory import Data
from autodistill.prepare.quantities import budget_of, workers_of
from autodistill.prepare.question import plain
from autodistill.prepare.workspace import open_workspace
from autodistill.runtime.notebook import screen_here
from autodistill.runtime.quiet import quietly
from autodistill.search.cost import Plan
from autodistill.search.forecast import forecast
from autodistill.study.places import data_root_of, device_of
from autodistill.study.study import CLOSING_SHARE, Study


def plan(
    study: Study | Data,
    *,
    budget: str | timedelta = "",
    trials: int | None = None,
    closing_share: float = CLOSING_SHARE,
    workers: int = 0,
    data_root: str | os.PathLike[str] | None = None,
    device: str = "",
) -> Plan:
    """Time a few steps of what `search` would do with this budget; nothing is kept.

    Raises AutodistillError.
    """
    allowed, at_once = budget_of(budget, trials, closing_share), workers_of(workers)
    with quietly():
        workspace = open_workspace(
            plain(study), screen_here(), data_root_of(data_root), device_of(device)
        )
        return forecast(workspace, allowed, at_once).plan
