"""Label names and metrics that are customary for well-known datasets."""

from dataclasses import replace

from autodistill.datasets._source import Splits

LABEL_NAMES = {
    "glue/sst2": ("negative", "positive"),
    "glue/cola": ("unacceptable", "acceptable"),
    "glue/rte": ("entailment", "not_entailment"),
    "glue/mrpc": ("not_equivalent", "equivalent"),
    "rotten_tomatoes": ("neg", "pos"),
}
"""Names for copies that hold plain numbers; in the order of the Hugging Face hub."""
METRICS = {"glue/cola": "matthews", "glue/mrpc": "f1"}


def apply_customs(dataset: str, found: Splits) -> Splits:
    """The same splits with customary label names and metric.

    The last parts of a name or path tell which dataset it is.
    """
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
