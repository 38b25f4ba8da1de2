"""Files of a teacher's probabilities."""

import csv
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.bad_input.case import Case

SEARCH = "search --dataset reviews.csv --teacher soft.csv"
Row = dict[str, str]


def _soft(change: Callable[[list[Row]], Iterable[Row]]) -> Callable[[Path], None]:
    """Right probabilities for reviews.csv, with a change."""

    def write(path: Path) -> None:
        with (path.parent / "reviews.csv").open(encoding="utf-8") as stream:
            data = list(csv.DictReader(stream))
        rows = list(
            change(
                [
                    {
                        "text": r["text"],
                        **(
                            {"neg": "0.1", "pos": "0.9"}
                            if r["label"] == "pos"
                            else {"neg": "0.9", "pos": "0.1"}
                        ),
                    }
                    for r in data
                ]
            )
        )
        with path.open("w", encoding="utf-8", newline="") as stream:
            table = csv.DictWriter(stream, list(rows[0]))
            table.writeheader()
            table.writerows(rows)

    return write


def _first(**values: str) -> Callable[[list[Row]], list[Row]]:
    return lambda rows: [rows[0] | values, *rows[1:]]


def _case(what: str, change: Callable[[list[Row]], Iterable[Row]]) -> Case:
    return Case(what, SEARCH, {"soft.csv": _soft(change)})


CASES = (
    _case(
        "no column for a class", lambda rows: [{"text": r["text"], "neg": r["neg"]} for r in rows]
    ),
    _case("no column of texts", lambda rows: [{"neg": r["neg"], "pos": r["pos"]} for r in rows]),
    _case("a probability below nothing", _first(neg="-0.5", pos="1.5")),
    _case("a probability that is a word", _first(neg="likely")),
    _case("a probability that is missing", _first(neg="")),
    _case("a probability that is not a number", _first(neg="nan")),
    _case("an infinite probability", _first(neg="inf")),
    _case("a percent sign", _first(neg="10%", pos="90%")),
    _case(
        "classes in another order",
        lambda rows: [{"text": r["text"], "neg": r["pos"], "pos": r["neg"]} for r in rows],
    ),
    Case("an empty file of probabilities", SEARCH, {"soft.csv": ""}),
    Case(
        "a Git LFS pointer of probabilities",
        SEARCH,
        {"soft.csv": "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n"},
    ),
)
