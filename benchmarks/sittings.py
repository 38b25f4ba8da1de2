"""A search's own loop on a temporary database, for measurements.

Asking, running, storing and telling are real.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from autodistill.prepare.workspace import PreparedWorkspace
from autodistill.runtime.engine import Engine
from autodistill.runtime.progress import Screen
from autodistill.search.ask_tell import AskTell
from autodistill.search.session import SearchSession
from autodistill.search.spend import spend
from autodistill.storage import Store
from autodistill.study.facts import StudyFacts
from autodistill.study.results import StudyResult
from autodistill.study.study import Budget
from autodistill.training.latency import Costs

NAME = "measured"


class Quiet(Screen):
    """A screen without lines on single trials."""

    def line(self, text: str) -> None:
        """Print nothing."""


def search_in(
    url: str,
    workspace: PreparedWorkspace,
    pool: Engine,
    *,
    trials: int,
    rows: int,
    epochs: int,
    sitting: type[SearchSession],
    name: str = NAME,
) -> StudyResult:
    """Run the loop of `autodistill search` over this pool until `trials` have ended.

    `url` is a database without a study of this name.
    """
    facts: Mapping[str, Any] = {
        "rows": rows,
        "epochs": epochs,
        "trial_seconds": 0.0,
        "timeout_seconds": 600.0,
        "train_rows": workspace.data.train_rows,
        "selection_rows": workspace.data.selection_rows,
    }
    store = Store(url)
    known = StudyFacts.from_dict(facts)
    store.begin(workspace.study, facts, name=name)
    with store.claim(name) as lease:
        history = store.record(name)
        questions = AskTell(name, workspace.space, store.url, seed=0, history=history)
        costs = Costs(workspace.data, known, partial(store.update_facts, name))
        made = sitting(
            store, questions, lease, Budget(trials=trials), name, known, Quiet(), 0, costs, {}
        )
        spend(made, pool, lambda: False)
    record = store.record(name)
    questions.study._storage.remove_session()
    store.close()
    return record
