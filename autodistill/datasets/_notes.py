"""Remarks on how a dataset was read and what is odd about it."""

from collections import Counter
from collections.abc import Mapping, Sequence

from autodistill.datasets import Rows
from autodistill.datasets._carve import SHARE
from autodistill.datasets._labels import MAX_CLASSES, is_labelled, name_of, some
from autodistill.datasets._source import Label, RawSplit, Splits
from autodistill.datasets._table import Choice, Table
from autodistill.datasets._text import plain


def reading(found: Splits, used: Sequence[str], classes: int, left_out: int) -> str:
    """The line on what was read: columns, and numbers of rows, classes and rows left out."""
    train = found.splits["train"]
    columns = {
        "text" if train.images is None else "image": train.text_column,
        "pair": train.pair_column,
        "label": train.label_column if train.text_column else "",
    }
    named = ", ".join(f"{role} = `{name}`" for role, name in columns.items() if name)
    rows = sum(len(found.splits[role].texts) for role in used)
    left = f"; {left_out:,} row{'s' * (left_out != 1)} left out" if left_out else ""
    return f"{found.source}: {named}{'; ' if named else ''}{rows:,} rows, {classes:,} classes{left}"


def spelled_alike(split: RawSplit) -> list[str]:
    """A note on classes that differ in case, blanks or invisible characters only."""
    counts = Counter(name for label in split.labels or () if (name := name_of(label)) is not None)
    alike: dict[str, list[str]] = {}
    for name in sorted(counts):
        alike.setdefault(plain(name), []).append(name)
    twins = [
        " and ".join(f"{name!r} ({counts[name]:,} rows)" for name in names)
        for names in alike.values()
        if len(names) > 1
    ]
    if not twins:
        return []
    return [
        "labels that differ only in case, blanks or invisible characters are classes of their "
        f"own: {some(twins)}; make them one if they mean the same"
    ]


def named_elsewhere(table: Table, choice: Choice) -> list[str]:
    """A note on a column that names the classes which the label column numbers."""
    labels = table.columns.get(choice.label, ())
    if not all(isinstance(v, int | str) and str(v).strip().isdigit() for v in labels):
        return []
    for name in table.columns:
        if name in (choice.text, choice.pair, choice.label):
            continue
        names = _one_name_each(labels, table.columns[name])
        if names:
            shown = some([f"{code} is '{text}'" for code, text in sorted(names.items())], 3)
            return [
                f"`{choice.label}` numbers the classes and `{name}` names them ({shown}): for the "
                f"names, give --column label={name}"
            ]
    return []


def _one_name_each(labels: Sequence[Label], names: Sequence[object]) -> Mapping[str, str]:
    """The name of each code where the two columns say the same; empty where they do not."""
    found: dict[str, str] = {}
    for code, name in zip(labels, names):
        if not isinstance(name, str) or not name.strip() or name.strip().isdigit():
            return {}
        if found.setdefault(str(code), name) != name or len(found) > MAX_CLASSES:
            return {}
    return found if 1 < len(set(found.values())) == len(found) < len(labels) else {}


def of_test(found: Splits, locked: str) -> list[str]:
    """Notes on the split that is held out as test."""
    notes = []
    for role in ("test", "validation"):
        if role in found.splits and not is_labelled(found.splits[role]):
            notes.append(f"the {role} split has no labels and is not used")
    if (
        locked == "test"
        and "validation" in found.splits
        and is_labelled(found.splits["validation"])
    ):
        notes.append("the validation split is not used: validation rows are taken from train")
    if locked == "validation":
        notes.append("the validation split serves as held-out test")
    if not locked:
        notes.append(f"no labelled test split: {SHARE:.0%} of the rows are held out as one")
    return notes


def repeats(train: Rows, selection: Rows, test: Rows) -> list[str]:
    """Notes on validation and test rows that train has, too."""

    def texts(rows: Rows) -> list[tuple[str, str]]:
        return list(zip(rows.first, rows.second or rows.first))

    seen, notes = set(texts(train)), []
    for name, rows in (("validation", selection), ("test", test)):
        if count := sum(text in seen for text in texts(rows)):
            same = "text" if rows.images is None else "image"
            notes.append(
                f"{count} of {len(rows)} {name} rows have the same {same} as a train row: scores "
                "may be too high"
            )
    return notes
