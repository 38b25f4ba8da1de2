"""The studies of a database as pages read them: each result once, however often they look."""

from dataclasses import dataclass, replace
from threading import Lock

from autodistill.search.running import RunningTrial, RunningTrials
from autodistill.storage.watch import StudyLine, StudyState, Watch
from autodistill.study.results import StudyResult

MOST_KEPT = 8
"""Records in memory, those looked at last."""


@dataclass(frozen=True)
class Seen:
    """A study at one moment."""

    state: StudyState
    running: tuple[RunningTrial, ...] = ()

    @property
    def name(self) -> str:
        """The study's name."""
        return self.state.name

    @property
    def is_searched(self) -> bool:
        """Whether a search is under way."""
        return self.state.state == "searching"

    @property
    def version(self) -> str:
        """The same text for as long as nothing is new."""
        return repr(self)


class Library:
    """Studies and their records, kept until there is news."""

    def __init__(self, watch: Watch, running: RunningTrials) -> None:
        self.watch, self.running = watch, running
        self._records: dict[str, tuple[StudyState, StudyResult]] = {}
        self._reading = Lock()

    def states(self) -> list[StudyState]:
        """All studies, the newest first."""
        return self.watch.states()[::-1]

    def lines(self) -> list[StudyLine]:
        """The same with the best of each."""
        return self.watch.lines()[::-1]

    def look(self, name: str, *, running: bool = False) -> Seen | None:
        """How far a study is now; None where there is no such study.

        `running`: with its trials under way, which takes as long as the rest together.
        """
        found = self.watch.states(name)
        if not found:
            return None
        seen = Seen(found[0])
        if running and seen.is_searched:
            return replace(seen, running=self.running.of(name))
        return seen

    def record(self, state: StudyState) -> StudyResult:
        """All results of a study; what was read before is not read again."""
        with self._reading:
            known = self._records.pop(state.name, None)
            if known and known[0].created != state.created:  # another study of the same name
                known = None
            if known is None or known[0] != state:
                before = known and known[1]
                known = state, self.watch.record(state.name, before)
            self._records[state.name] = known
            while len(self._records) > MOST_KEPT:
                del self._records[next(iter(self._records))]
            return known[1]
