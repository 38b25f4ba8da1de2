"""Tables of unlabelled rows beside a labelled train split: their columns, and what is ignored."""

from collections.abc import Mapping

from autodistill.datasets._images import COLUMNS as IMAGES
from autodistill.datasets._images import are_images
from autodistill.datasets._source import RawSplit
from autodistill.datasets._table import (
    LABELS,
    PAIRS,
    TEXTS,
    Choice,
    Table,
    to_split,
    without_header,
)
from autodistill.errors import DataError


def unlabelled_splits(
    tables: Mapping[str, Table], beside: RawSplit, columns: Mapping[str, str], source: str
) -> tuple[dict[str, RawSplit], list[str]]:
    """The texts or images of tables, without labels, and notes; raises DataError.

    Columns are those of the train split, where the table has them, else well-known ones.
    """
    found, ignored = dict[str, RawSplit](), dict[str, None]()
    for name, table in tables.items():
        text, pair = _columns(table, beside, columns)
        _check_kind(table, text, beside)
        found[name] = to_split(table, Choice(text, pair, ""))
        wanted = {beside.label_column, columns.get("label", ""), *LABELS} - {text, pair}
        ignored |= dict.fromkeys(c for c in table.columns if c in wanted)
    names = ", ".join(f"`{name}`" for name in ignored)
    return found, [f"labels of {source} are not looked at (column {names})"] if ignored else []


def _columns(table: Table, beside: RawSplit, columns: Mapping[str, str]) -> tuple[str, str | None]:
    """The columns of the text, and of the second one where the train split has pairs."""
    there = table.columns
    text = next((n for n in (columns.get("text"), beside.text_column) if n and n in there), None)
    pair = next((n for n in (columns.get("pair"), beside.pair_column) if n and n in there), None)
    pairs = [(a, b) for a, b in PAIRS if a in there and b in there]
    if beside.pairs is not None:
        if text is None or pair is None:
            text, pair = pairs[0] if pairs else (None, None)
        if text is None:
            raise DataError(
                f"{table.where} has single texts or other columns ({_names(table)}), "
                f"{beside.where} has pairs of texts: give unlabelled pairs, in the columns "
                f"`{beside.text_column}` and `{beside.pair_column}`."
            )
        return text, pair
    usual = IMAGES if beside.images is not None else (*TEXTS, *IMAGES)
    plain = {name.lower(): name for name in reversed(tuple(there))}
    text = text or next((plain[n] for n in usual if n in plain), None)
    if text is None and pairs:
        raise DataError(
            f"{table.where} has pairs of texts (`{pairs[0][0]}` and `{pairs[0][1]}`), "
            f"{beside.where} has single texts: give unlabelled texts in one column."
        )
    if text is None and (hint := without_header(table)):
        raise DataError(f"no text column in {table.where}. {hint}")
    if text is None and len(there) == 1:
        text = next(iter(there))
    if text is None:
        what = "text" if beside.images is None else "image"
        like = f" `{beside.text_column}`, as in {beside.where}," if beside.text_column else ""
        raise DataError(
            f"no {what} column in {table.where}; its columns: {_names(table)}. Rename it to{like} "
            f"{'or ' if like else ''}to one of: {', '.join(usual)}."
        )
    if text in table.repeated:
        raise DataError(f"{table.where} has the column '{text}' twice; rename one of them.")
    return text, None


def _check_kind(table: Table, text: str, beside: RawSplit) -> None:
    """Raises DataError for images beside texts, and for texts beside images."""
    images = are_images(table.columns[text])
    if images and beside.images is None:
        raise DataError(
            f"{table.where} has images in column '{text}', {beside.where} has texts: give "
            "unlabelled texts."
        )
    if not images and beside.images is not None:
        raise DataError(
            f"{table.where} has texts in column '{text}', {beside.where} has images: give "
            "unlabelled images, as a folder or a table with a column 'image'."
        )


def _names(table: Table) -> str:
    return ", ".join(table.columns) or "none"
