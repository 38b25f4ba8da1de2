"""What is customary for well-known datasets: names of their labels, and their metric."""

from dataclasses import replace

from autodistill.datasets._source import Splits

LABEL_NAMES = {
    "glue/sst2": ("negative", "positive"),
    "glue/cola": ("unacceptable", "acceptable"),
    "glue/rte": ("entailment", "not_entailment"),
    "glue/mrpc": ("not_equivalent", "equivalent"),
    "rotten_tomatoes": ("neg", "pos"),
}
"""For copies that hold plain numbers; the order is the hub's."""
METRICS = {"glue/cola": "matthews", "glue/mrpc": "f1"}


def apply_customs(dataset: str, found: Splits) -> Splits:
    """The same splits; the last words of a name or path tell which dataset it is."""
    short = next((key for key in LABEL_NAMES if f"/{dataset.rstrip('/')}".endswith(f"/{key}")), "")
    names = LABEL_NAMES.get(short, ())
    plain = {str(label) for label in found.splits["train"].labels or ()} <= {
        str(i) for i in range(len(names))
    }
    return replace(
        found,
        label_names=found.label_names or (names if plain else ()),
        metric=METRICS.get(short, found.metric),
    )
