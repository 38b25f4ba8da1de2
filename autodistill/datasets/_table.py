"""A table of rows, and the choice of its text and label columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autodistill.datasets._images import COLUMNS as IMAGES
from autodistill.datasets._images import are_images, named, read_images
from autodistill.datasets._source import RawSplit
from autodistill.errors import DataError, SpecError, choose_from

PAIRS = (
    ("sentence1", "sentence2"),
    ("premise", "hypothesis"),
    ("question", "sentence"),
    ("question1", "question2"),
    ("text1", "text2"),
    ("text_a", "text_b"),
)
TEXTS = (
    "text",
    "sentence",
    "content",
    "review",
    "body",
    "document",
    "title",
    "tweet",
    "comment",
    "message",
    "utterance",
    "query",
)
LABELS = (
    "label",
    "labels",
    "fine_label",
    "class",
    "category",
    "target",
    "sentiment",
    "y",
    "intent",
)
ROLES = ("text", "pair", "label")


@dataclass(frozen=True)
class Table:
    """Columns of equal length, as read."""

    columns: Mapping[str, Sequence[Any]]
    rows: Sequence[int]
    """1-based row or line number in `where`."""
    where: str
    label_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Declared class names by column, where the format carries them."""


@dataclass(frozen=True)
class Choice:
    """The columns that hold the texts and the labels."""

    text: str
    pair: str | None
    label: str


def choose_columns(table: Table, columns: Mapping[str, str]) -> Choice:
    """The columns named by the user, completed by well-known names."""
    problems = [
        choose_from("column role", role, ROLES, "columns") for role in columns if role not in ROLES
    ]
    there = tuple(table.columns)
    problems += [
        choose_from("column", name, there, f"{role} in {table.where}")
        for role, name in columns.items()
        if name not in there
    ]
    if problems:
        raise SpecError(problems)
    free = {name.lower(): name for name in reversed(there) if name not in columns.values()}
    label = columns.get("label") or next((free[x] for x in LABELS if x in free), None)
    text, pair = columns.get("text"), columns.get("pair")
    if text is None and pair is None:
        text, pair = next(
            ((free[a], free[b]) for a, b in PAIRS if a in free and b in free), (None, None)
        )
    if text is None:
        text = next((free[x] for x in (*TEXTS, *IMAGES) if x in free and free[x] != label), None)
    if text is None:
        raise DataError(_not_found("text", there, table.where, (*TEXTS, *IMAGES)))
    if label is None:
        raise DataError(_not_found("label", there, table.where, LABELS))
    return Choice(text, pair, label)


def to_split(table: Table, choice: Choice) -> RawSplit:
    """The chosen columns; the label column may be absent, the texts may not."""
    for name in (choice.text, choice.pair):
        if name is not None and name not in table.columns:
            raise DataError(
                f"{table.where} has no column '{name}', which the train split has; its columns: "
                f"{', '.join(table.columns)}. Give all splits the same columns."
            )
    pairs = None if choice.pair is None else table.columns[choice.pair]
    labels, texts = table.columns.get(choice.label), table.columns[choice.text]
    if are_images(texts):
        images = read_images(texts, table.where, table.rows)
        return RawSplit(
            [named(i) for i in images], None, labels, table.where, table.rows, choice.label, images
        )
    return RawSplit(
        table.columns[choice.text], pairs, labels, table.where, table.rows, choice.label
    )


def _not_found(role: str, there: tuple[str, ...], where: str, usual: tuple[str, ...]) -> str:
    return (
        f"no {role} column in {where}; its columns: {', '.join(there) or 'none'}. "
        f"Name it ({role}=COLUMN), or rename it to one of: {', '.join(usual)}."
    )
