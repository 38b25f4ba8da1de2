"""Cost of a search, and the smallest difference that it can detect."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from autodistill.study.study import CLOSING_SHARE

FULL_AT_FIRST = 4
"""The default recipe and three baselines, never stopped early."""
REPEATED = 4
"""Three leaders and the student alone."""
DISAGREEMENT = 0.8
"""Share of rows on which two recipes disagree, over one's share of wrong rows."""
FEW_RUNS, COARSE = 12, 0.05


@dataclass(frozen=True)
class Plan:
    """An estimate of a search from a few timed steps."""

    start_seconds: float
    """Reading, tokens, the timed steps themselves."""
    tuning_seconds: float
    """The teacher's fine-tuning on this dataset; 0 when it is tuned."""
    recording_seconds: float
    """Recording the teacher's signals on all rows; 0 when they are on disk."""
    trial_seconds: float
    """One run to its end, on one worker."""
    rows: int
    epochs: int
    train_rows: int
    selection_rows: int
    runs: int
    """Number of runs in the budget, stopped early or not, with baselines and repeats."""
    search_seconds: float
    workers: int
    disk_bytes: int
    """Added by this study: teacher, signals, tokens, records."""
    closing_share: float
    """Repeat fraction: share of the runs that are repeats.

    By the clock they are fewer than their share of the time, since no repeat is stopped early.
    """
    by_token: Mapping[str, int]
    """Bytes of token signals that the space may use; unrecorded above `token_limit`."""
    token_limit: float
    score: float
    """Expected score of a student: the teacher's, where it is known."""

    @property
    def seconds(self) -> float:
        """Seconds from the command to the recipe."""
        return self.start_seconds + self.teacher_seconds + self.search_seconds

    @property
    def teacher_seconds(self) -> float:
        """Seconds paid once per dataset."""
        return self.tuning_seconds + self.recording_seconds

    @property
    def fresh_seeds(self) -> float:
        """Repeats of each leader."""
        return self.closing_share * self.runs / REPEATED

    @property
    def detectable(self) -> float:
        """Smallest difference of two repeated recipes that 80 of 100 studies detect.

        At 95 % confidence.
        """
        return detectable(self.selection_rows, self.score, max(1.0, self.fresh_seeds))

    def to_dict(self) -> dict[str, Any]:
        """The plan as plain data, derived values included."""
        more = ("seconds", "teacher_seconds", "fresh_seeds", "detectable")
        return asdict(self) | {name: getattr(self, name) for name in more}

    def warnings(self) -> list[str]:
        """Reasons why this budget is too small; empty when it suffices."""
        found = []
        if self.runs < FEW_RUNS:
            more = full_runs(FEW_RUNS, self.closing_share) * self.trial_seconds / self.workers
            found.append(
                f"only about {self.runs} runs fit, too few to compare recipes; give --budget "
                f"{math.ceil(more / 60)}m or more"
            )
        elif self.fresh_seeds < 1:
            more = REPEATED / max(self.closing_share, 0.01) / self.runs
            found.append(
                "no leader will be repeated with a fresh seed; give about "
                f"{more:.1f} times the budget"
            )
        if self.detectable > COARSE:
            found.append(
                f"differences below {100 * self.detectable:.1f} points will not show: "
                f"{self.selection_rows:,} validation rows are few, so expect a tie and the "
                "cheapest recipe in it"
            )
        return found


def detectable(selection_rows: int, score: float, seeds: float) -> float:
    """1.96 + 0.84 standard errors of the difference of two means over `seeds` runs.

    Two parts: validation rows on which the two disagree, and seeds, whose spread is assumed to be
    as large as one score's error from the choice of rows (analysis.comparison starts from the same
    assumption).
    """
    wrong = min(max(1 - score, 0.02), 0.5)
    rows = DISAGREEMENT * wrong / selection_rows
    seed = 2 * wrong * (1 - wrong) / selection_rows / seeds
    return (1.96 + 0.84) * math.sqrt(rows + seed)


def full_runs(runs: int, closing_share: float = CLOSING_SHARE) -> float:
    """Number of full trainings equivalent to this many runs, most stopped early."""
    closing = math.ceil(closing_share * runs - 1e-9)
    explored = max(0, runs - closing - FULL_AT_FIRST)
    return runs - explored + sum(halving_shares(explored))


def halving_shares(runs: int) -> Sequence[float]:
    """Expected share of a full training of each of this many exchangeable runs.

    Evaluated after one and two quarters, a run continues while it is in the better half of all runs
    that came this far.
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
    """Number of runs that fit into this much time, and number of repeats among them.

    Repeats get the repeat fraction of the time, at full length.
    """
    held = seconds * workers / trial_seconds
    closing, explored = int(closing_share * held), 1
    while full_runs(explored + 1, 0.0) <= (1 - closing_share) * held and explored < 100_000:
        explored += 1 if explored < 1000 else 100
    return explored + closing, closing
