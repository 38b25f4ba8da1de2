"""What a search will cost, and the smallest difference that it can show."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from autodistill.study.study import CLOSING_SHARE

FULL_AT_FIRST = 4
"""The default recipe and three controls, never stopped early."""
REPEATED = 4
"""Three leaders and the student alone."""
DISAGREEMENT = 0.8
"""Share of rows on which two recipes disagree, over the share of rows that one gets wrong."""
FEW_RUNS, COARSE = 12, 0.05


@dataclass(frozen=True)
class Plan:
    """A search foreseen from a few timed steps."""

    start_seconds: float
    """Reading, tokens, the timed steps themselves."""
    tuning_seconds: float
    """The teacher's fine-tuning on this dataset; 0 when it is tuned."""
    recording_seconds: float
    """The teacher's answers to all rows; 0 when they are on disk."""
    trial_seconds: float
    """One run to its end, on one worker."""
    rows: int
    epochs: int
    train_rows: int
    selection_rows: int
    runs: int
    """All that the budget holds: stopped early or not, controls and repeats included."""
    search_seconds: float
    workers: int
    disk_bytes: int
    """Added by this study: teacher, signals, tokens, records."""
    closing_share: float
    """Of the runs: repeats. By the clock fewer than of the time, since no repeat is stopped early."""
    by_token: Mapping[str, int]
    """Bytes of every token's states and attention, as far as the space may look at them; more than `token_limit`: not recorded."""
    token_limit: float
    score: float
    """What a student is expected to reach: the teacher's score where it is known."""

    @property
    def seconds(self) -> float:
        """From the command to the recipe."""
        return self.start_seconds + self.teacher_seconds + self.search_seconds

    @property
    def teacher_seconds(self) -> float:
        """Paid once per dataset."""
        return self.tuning_seconds + self.recording_seconds

    @property
    def fresh_seeds(self) -> float:
        """Repeats of each leader."""
        return self.closing_share * self.runs / REPEATED

    @property
    def detectable(self) -> float:
        """The smallest difference of two repeated recipes that is seen in 80 of 100 studies, at 95 % confidence."""
        return detectable(self.selection_rows, self.score, max(1.0, self.fresh_seeds))

    def to_dict(self) -> dict[str, Any]:
        """As plain data, what follows from the fields included."""
        more = ("seconds", "teacher_seconds", "fresh_seeds", "detectable")
        return asdict(self) | {name: getattr(self, name) for name in more}

    def warnings(self) -> list[str]:
        """Why this budget cannot answer the question; empty when it can."""
        found = []
        if self.runs < FEW_RUNS:
            more = full_runs(FEW_RUNS, self.closing_share) * self.trial_seconds / self.workers
            found.append(
                f"only about {self.runs} runs fit, too few to compare recipes; give --budget {math.ceil(more / 60)}m or more"
            )
        elif self.fresh_seeds < 1:
            more = REPEATED / max(self.closing_share, 0.01) / self.runs
            found.append(
                f"no leader will get a fresh seed of its own; give about {more:.1f} times the budget"
            )
        if self.detectable > COARSE:
            found.append(
                f"differences below {100 * self.detectable:.1f} points will not show: {self.selection_rows:,} validation rows are few, "
                "so expect a tie and the cheapest recipe in it"
            )
        return found


def detectable(selection_rows: int, score: float, seeds: float) -> float:
    """1.96 + 0.84 standard errors of the difference of two means over `seeds` runs each.

    Two parts: selection rows on which the two disagree, and seeds, whose spread is taken to be as large as one score's error from the
    choice of rows (`compare` starts from the same guess).
    """
    wrong = min(max(1 - score, 0.02), 0.5)
    rows = DISAGREEMENT * wrong / selection_rows
    seed = 2 * wrong * (1 - wrong) / selection_rows / seeds
    return (1.96 + 0.84) * math.sqrt(rows + seed)


def full_runs(runs: int, closing_share: float = CLOSING_SHARE) -> float:
    """How many full trainings so many runs amount to, most of them stopped early."""
    closing = math.ceil(closing_share * runs - 1e-9)
    explored = max(0, runs - closing - FULL_AT_FIRST)
    return runs - explored + sum(halving_shares(explored))


def halving_shares(runs: int) -> Sequence[float]:
    """The expected share of a full training that each of so many exchangeable runs takes.

    Judged after one and two quarters, a run goes on while it is among the better half of all that came this far.
    """
    shares, second = [], 1.0
    for place in range(2, runs + 2):  # the default recipe came first
        first = (place // 2) / place
        second += first
        onward = max(1.0, second // 2) / second
        shares.append((1 + first + 2 * first * onward) / 4)
    return shares


def runs_within(
    seconds: float, trial_seconds: float, workers: int, closing_share: float = CLOSING_SHARE
) -> tuple[int, int]:
    """How many runs fit into so much time, and how many of them are repeats: these have the closing share of the time, at full length."""
    held = seconds * workers / trial_seconds
    closing, explored = int(closing_share * held), 1
    while full_runs(explored + 1, 0.0) <= (1 - closing_share) * held and explored < 100_000:
        explored += 1 if explored < 1000 else 100
    return explored + closing, closing
