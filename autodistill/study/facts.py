"""The facts of a study: measured once, kept with it, and read by all that come later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self


@dataclass(frozen=True)
class StudyFacts:
    """Sizes, times and scores of a study; None where a study of its kind or age knows nothing."""

    rows: int | None = None
    """Training rows of one trial."""
    epochs: int | None = None
    """Passes of one trial over its rows."""
    full_epochs: int | None = None
    """Passes of a full training over all rows; None in studies that begin with at most ten."""
    trial_seconds: float | None = None
    """Expected seconds of one trial."""
    timeout_seconds: float | None = None
    """Seconds after which a trial is given up."""
    device: str | None = None
    """The device that these seconds were measured on; None for a CPU."""
    on_card: int | None = None
    """Trials that the memory of one card of this device holds at once; None for a CPU."""
    first_look: int | None = None
    """Quarters of a trial after which it is first judged; None in studies that begin with one."""
    teacher_score: float | None = None
    """The study's metric on the validation rows."""
    train_rows: int | None = None
    selection_rows: int | None = None
    """Validation rows."""
    pool_rows: int | None = None
    """Unlabelled rows that the teacher answered."""
    teacher_params: int | None = None
    """Parameters of the network that students are cut from, or whose shape they take."""
    classes: int | None = None
    fingerprint: Mapping[str, float] | None = None
    """Numbers about the dataset, as recommend.fingerprint makes them."""
    plan: Mapping[str, Any] | None = None
    """The cost estimate that the study began with."""
    costs: Mapping[str, Mapping[str, float]] | None = None
    """Parameters, bytes and latency of each student."""
    latencies: Mapping[str, float] | None = None
    """Milliseconds by shape of a student."""
    file_bytes: Mapping[str, float] | None = None
    """Bytes of the ONNX file by shape of a student, in a study with a target."""
    hints: Sequence[Mapping[str, Any]] | None = None
    """Values that past studies suggested, by asked name."""
    past_dropped: bool | None = None
    """Whether the suggestions were behind at the first look, and dropped."""
    students: Sequence[Mapping[str, Any]] | None = None
    """Students of a study of students, with their proxies' scores."""
    survivors: Sequence[Mapping[str, Any]] | None = None
    """The students that were selected."""
    switched_off: Mapping[str, str] | None = None
    """Proxies that an audit switched off, with the reason."""
    simple_baselines: Sequence[Mapping[str, Any]] | None = None
    """Scores and predictions of the simple baselines, as SimpleBaseline writes them."""
    whole_baseline: Mapping[str, Any] | None = None
    """The linear baseline fitted on all training rows, without its predictions.

    The teacher is measured by it.
    """
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Facts that this version does not know; they are kept as they are."""

    @property
    def is_measured(self) -> bool:
        """Whether the study has got as far as its first trial."""
        return self.rows is not None

    def updated(self, **changes: Any) -> Self:
        """The same facts with some of them replaced."""
        return replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, as databases and published studies hold it; what is not known is absent."""
        known = {name: getattr(self, name) for name in NAMES}
        return {k: v for k, v in known.items() if v is not None} | dict(self.extra)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The facts of plain data."""
        extra = {k: v for k, v in data.items() if k not in NAMES}
        return cls(**{k: v for k, v in data.items() if k in NAMES}, extra=extra)


NAMES = tuple(f.name for f in fields(StudyFacts) if f.name != "extra")
"""The facts that this version knows, in the order in which they are written."""
