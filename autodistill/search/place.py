"""The place of a search: its store, workers and screen, and what they know of a study."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autodistill.prepare.places import at_once, places
from autodistill.prepare.teacher_tuning import PRELOAD
from autodistill.prepare.unfinished import run_of
from autodistill.prepare.workspace import PreparedWorkspace, Workspace
from autodistill.recommend.recommend import suggest
from autodistill.recommend.sources import Sources
from autodistill.runtime.engine import Engine
from autodistill.runtime.progress import Screen, short
from autodistill.runtime.ray_cluster import Cluster
from autodistill.runtime.settings import trial_threads
from autodistill.runtime.workers import LocalWorkers
from autodistill.search.forecast import Forecast, forecast, pace_of
from autodistill.search.in_cluster import in_cluster
from autodistill.search.offers import offer_of
from autodistill.search.plan_lines import lines
from autodistill.search.shared_workers import SharedWorkers
from autodistill.search.start import begin, go_on, is_known, timeout
from autodistill.storage import Store
from autodistill.storage.mailbox import Mailbox
from autodistill.study.facts import StudyFacts
from autodistill.study.study import Budget

TIMING = "timing a few steps of everything, for the plan"
HINTED_RUNS = 20
"""Runs of a study from which on past studies are queried."""


@dataclass(frozen=True)
class At:
    """The place of a search: its store, workers and screen."""

    store: Store
    workers: int
    screen: Screen
    past: bool = False
    """Let past studies suggest recipes to a new study."""
    mailbox: Mailbox | None = None
    """The mailbox by which other machines join; None where they cannot."""
    cluster: Cluster | None = None
    """The Ray cluster that runs trials in place of this machine."""

    def at_once(self, workspace: PreparedWorkspace, facts: StudyFacts) -> int:
        """Trials that run at once before another machine joins."""
        on_card = None if self.cluster else facts.on_card
        return at_once(workspace.data.device, self.workers, on_card)

    def engine(self, workspace: PreparedWorkspace, facts: StudyFacts) -> Engine:
        """Places for trials: here or in the cluster, and on all machines that join this sitting."""
        if self.cluster is None:
            engine: Engine = processes(workspace, self.workers, facts.on_card, trial_threads())
        else:
            engine = in_cluster(self.cluster, workspace, self.workers, facts, self.screen)
        if self.mailbox is None:
            return engine
        self.mailbox.open(offer_of(workspace, facts))
        return SharedWorkers(engine, self.mailbox, self.screen)

    def tell_over(self) -> None:
        """Tell those who joined that the search is over."""
        if self.mailbox is not None:
            self.mailbox.close()

    def hints(
        self, workspace: PreparedWorkspace, budget: Budget, name: str, facts: StudyFacts
    ) -> Sequence[Mapping[str, Any]]:
        """Suggestions of past studies, queried once for a study."""
        study, runs = workspace.study, budget.trials or (facts.plan or {}).get("runs", 0)
        if (
            facts.hints is not None
            or not self.past
            or study.front
            or study.survey
            or study.students == "each"
            or runs < HINTED_RUNS
        ):
            return facts.hints or ()
        found = suggest(workspace, Sources(storage=self.store.url, leave_out=name), self.screen)
        self.store.update_facts(name, {"hints": found})
        return found

    def facts(
        self,
        workspace: PreparedWorkspace,
        budget: Budget,
        name: str,
        foreseen: Forecast | None = None,
    ) -> StudyFacts:
        """The facts of the study, begun now or before."""
        if is_known(self.store, name):
            facts = go_on(self.store, workspace, name, self.screen)
            if (facts.device or "") == workspace.data.device.speed:
                return facts
            return self._timed_here(workspace, name, facts)
        known = foreseen or foresee(workspace, budget, self.workers, self.screen)
        return begin(self.store, workspace, known.size, name, self.screen, known.plan.to_dict())

    def _timed_here(self, workspace: PreparedWorkspace, name: str, facts: StudyFacts) -> StudyFacts:
        """The facts with seconds of this device: those of another one say nothing."""
        device = workspace.data.device
        pace = pace_of(workspace.data, workspace.space, self.workers)
        visits = (facts.rows or 0) * (facts.epochs or 1)
        seconds = pace.seconds(visits, workspace.data.selection_rows)
        self.screen.line(
            f"study     {name}: its trials were timed on {facts.device or 'a CPU'}; one takes "
            f"{short(seconds)} on {device}"
        )
        now = {
            "device": device.speed or None,
            "on_card": pace.on_card or None,
            "trial_seconds": seconds,
            "timeout_seconds": timeout(seconds),
        }
        self.store.update_facts(name, now)
        return self.store.facts(name)


def processes(
    workspace: PreparedWorkspace, workers: int, on_card: int | None, threads: int
) -> LocalWorkers:
    """Places for trials in processes of this machine."""
    held = places(workspace.data, workers, on_card)
    return LocalWorkers(
        run_of(workspace, threads),
        workspace.data,
        workers=len(held),
        preload=PRELOAD,
        places=held,
        stays=not workspace.data.device.is_cpu,
    )


def foresee(workspace: Workspace, budget: Budget, workers: int, screen: Screen) -> Forecast:
    """Plan, and say what the search will cost and can show."""
    with screen.busy(TIMING):
        foreseen = forecast(workspace, budget, workers)
    for line in lines(foreseen.plan, compares=workspace.study.students != "each"):
        screen.line(line)
    return foreseen
