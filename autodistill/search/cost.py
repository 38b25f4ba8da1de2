"""Cost of a search, and the smallest difference that it can detect."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from autodistill.search.early_stopping import FEW_RUNS, REPEATED, enough_seconds, enough_trials
from autodistill.study.study import CLOSING_SHARE, Budget, budget_text

STUDENTS_SHARE = 0.3
"""Share of a budget for the choice of students, where they are chosen first."""
DISAGREEMENT = 0.8
"""Share of rows on which two recipes disagree, over one's share of wrong rows."""
COARSE = 0.05
"""Differences above this are worth a warning."""
MARGIN = 1.3
"""Runs may take longer than those that were timed: a budget that is proposed allows for it."""
LEAST_SHARE = 0.15
"""Repeat fraction below which no budget repeats every leader, as trials grow with the budget."""


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
    words_seconds: float = 0.0
    """Making word vectors of its vocabulary; 0 where they are on disk or no student needs them."""
    choice_seconds: float = 0.0
    """The part of `tuning_seconds` in which a few recipes are tried for it."""
    budget: Budget = field(default_factory=Budget)
    """The budget that the search was given."""
    promoted: int = 0
    """Number of runs that are promoted: the best of the short ones, longer; repeats are as long."""
    promoted_seconds: float = 0.0
    """One of them to its end, on one worker; 0 where none is promoted."""
    pool_rows: int = 0
    """Unlabelled rows that runs may learn from beside the training rows."""
    least_trial_seconds: float = 0.0
    """One run of the fewest steps that tell recipes apart; a small budget's runs are shorter."""
    budget_share: float = 1.0
    """Its share of the study's budget: students that are selected first take the rest."""

    @property
    def seconds(self) -> float:
        """Seconds from the command to the recipe."""
        return self.start_seconds + self.teacher_seconds + self.search_seconds

    @property
    def teacher_seconds(self) -> float:
        """Seconds paid once per dataset."""
        return self.tuning_seconds + self.recording_seconds + self.words_seconds

    @property
    def fresh_seeds(self) -> float:
        """Repeats of each leader."""
        return self.closing_share * self.runs / REPEATED

    @property
    def repeats_each(self) -> bool:
        """Whether every leader has a fresh seed."""
        return self.fresh_seeds >= 1 - 1e-9

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
        """Reasons why this budget is too small, with one that is not; empty when it suffices."""
        found = []
        if self.runs < FEW_RUNS:
            found.append(
                f"only about {self.runs} runs fit, too few to compare recipes; give "
                f"{self.enough()} or more"
            )
        elif not self.repeats_each:
            more = (
                f"give {self.enough()} or more"
                if self.budget.closing_share >= LEAST_SHARE
                else f"give --repeat-fraction {CLOSING_SHARE:g} instead of "
                f"{self.budget.closing_share:g}"
            )
            found.append(f"no leader will be repeated with a fresh seed; {more}")
        if self.detectable > COARSE:
            found.append(
                f"differences below {100 * self.detectable:.1f} points will not show: "
                f"{self.selection_rows:,} validation rows are few, so expect a tie and the "
                "cheapest recipe in it"
            )
        return found

    def enough(self) -> str:
        """The options of a budget with which neither of these warnings comes again."""
        share = self.budget.closing_share if self.budget.closing_share >= LEAST_SHARE else 0.0
        trials, found = enough_trials(share), list[str]()
        if self.budget.trials is not None:
            found.append(f"--trials {max(trials, self.budget.trials)}")
        if self.budget.seconds is not None or not found:
            each = MARGIN * max(self.trial_seconds, self.least_trial_seconds)
            seconds = enough_seconds(each, self.workers, share)
            most = max(seconds, self.budget.seconds or 0.0)
            found.append(f"--budget {budget_text(most / self.budget_share)}")
        return " and ".join(found)


def share_left(students: str) -> float:
    """Share of a study's budget that is left for recipes, by how students are selected."""
    return 1 - STUDENTS_SHARE if students == "auto" else 1.0


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
