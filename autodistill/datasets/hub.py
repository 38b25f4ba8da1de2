"""A dataset of the Hugging Face hub: from a data root, the cache, or the network."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any

from autodistill.datasets._arrow import from_arrow
from autodistill.datasets._customs import apply_customs
from autodistill.datasets._folder import assign_roles, from_tables, read_folder
from autodistill.datasets._source import ReadOptions, Source, Splits
from autodistill.errors import DataError

NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*){0,2}")
OWNERS = {
    "ag_news": "fancyzhx/ag_news",
    "banking77": "mteb/banking77",
    "cifar10": "uoft-cs/cifar10",
    "cifar100": "uoft-cs/cifar100",
    "fashion_mnist": "zalando-datasets/fashion_mnist",
    "glue": "nyu-mll/glue",
    "imdb": "stanfordnlp/imdb",
    "mnist": "ylecun/mnist",
    "rotten_tomatoes": "cornell-movie-review-data/rotten_tomatoes",
    "tweet_eval": "cardiffnlp/tweet_eval",
}
"""Customary short names, and the repositories that hold them on the hub today."""


class Hub(Source):
    """Names such as glue/sst2, rotten_tomatoes or owner/name/config."""

    known = (
        "glue/sst2",
        "glue/cola",
        "glue/rte",
        "glue/mrpc",
        "glue/qnli",
        "rotten_tomatoes",
        "imdb",
        "ag_news",
        "banking77",
        "tweet_eval/emotion",
        "cifar10",
        "cifar100",
        "mnist",
        "fashion_mnist",
    )

    def claims(self, dataset: str) -> bool:
        """One to three words separated by slashes; files and folders take precedence."""
        return NAME.fullmatch(dataset) is not None

    def read(self, dataset: str, options: ReadOptions) -> Splits:
        """The splits from the data root, else the cache, else the hub."""
        tried: list[str] = []
        found = _from_root(dataset, options, tried) or _from_hub(dataset, options, tried)
        if found is None:
            raise DataError(_not_found(dataset, options, tried))
        return found if options.beside else apply_customs(dataset, found)


def _from_root(dataset: str, options: ReadOptions, tried: list[str]) -> Splits | None:
    if options.data_root is None:
        tried.append("no data root given")
        return None
    without_owner = dataset.partition("/")[2]
    for name in filter(None, (dataset, without_owner)):
        folder = options.data_root / name
        if folder.is_dir():
            return read_folder(folder, options)
    tried.append(f"no folder {options.data_root / dataset}")
    return None


def _from_hub(dataset: str, options: ReadOptions, tried: list[str]) -> Splits | None:
    import datasets  # a second of start-up that files and data roots do not need

    places = _places(dataset)
    with _quiet():
        with _offline():
            for repo, config in places:
                try:
                    return _to_splits(datasets.load_dataset(repo, config), repo, config, options)
                except (
                    OSError,
                    ValueError,
                ):  # datasets: not cached at all, or not this configuration
                    continue
        tried.append("not in the cache of the hub")
        for repo, config in places:
            try:
                if _exists(repo):
                    return _to_splits(datasets.load_dataset(repo, config), repo, config, options)
                tried.append(f"the hub has no public dataset {repo}")
            except (OSError, ValueError, RuntimeError, datasets.exceptions.DatasetsError) as error:
                tried.append(str(error).splitlines()[0])
                if isinstance(error, ConnectionError):
                    break
    return None


def _places(dataset: str) -> list[tuple[str, str | None]]:
    """Candidate repositories and configurations, likeliest first."""
    match dataset.split("/"):
        case [name]:
            return [(OWNERS.get(name, name), None)]
        case [name, config] if name in OWNERS:
            return [(OWNERS[name], config)]
        case [owner, name]:
            return [(dataset, None), (owner, name)]
        case [owner, name, config]:
            return [(f"{owner}/{name}", config)]
    return []


def repository_of(dataset: str) -> str:
    """The hub's repository that a name stands for; empty for one that may be none of the hub."""
    named = NAME.fullmatch(dataset) is not None
    known = dataset.partition("/")[0] in OWNERS or "/" in dataset
    return _places(dataset)[0][0] if named and known else ""


def _exists(repo: str) -> bool:
    """Whether the hub has the repository; raises ConnectionError.

    Queried once with a short timeout, because a download retries for long.
    """
    from huggingface_hub import HfApi, errors
    from huggingface_hub.errors import HTTPError  # type: ignore[attr-defined]  # of its HTTP library, whichever that is

    try:
        HfApi().dataset_info(repo, timeout=5)
    except errors.RepositoryNotFoundError:
        return False
    except errors.OfflineModeIsEnabled as error:
        raise ConnectionError("the hub was not queried: HF_HUB_OFFLINE is set") from error
    except (HTTPError, OSError, ValueError) as error:
        raise ConnectionError(
            f"the hub cannot be reached ({str(error).splitlines()[0]})"
        ) from error
    return True


def _to_splits(loaded: Any, repo: str, config: str | None, options: ReadOptions) -> Splits:
    source = f"the hub's {repo}" + (f" ({config})" if config else "")
    roles, notes = assign_roles(list(loaded), options)
    if not options.beside and "train" not in roles:
        raise DataError(
            f"{source} has no train split; it contains: {', '.join(loaded)}. "
            "Name another dataset or give a file."
        )
    tables = {}
    for role, name in roles.items():
        split = loaded[name]
        schema = split.features.arrow_schema
        tables[role] = from_arrow(
            split.with_format("arrow")[:].replace_schema_metadata(schema.metadata),
            f"{source}, split {name}",
        )
    return from_tables(tables, options, source, notes)


@contextmanager
def _offline() -> Iterator[None]:
    import datasets

    before = datasets.config.HF_HUB_OFFLINE
    datasets.config.HF_HUB_OFFLINE = True
    try:
        yield
    finally:
        datasets.config.HF_HUB_OFFLINE = before


@contextmanager
def _quiet() -> Iterator[None]:
    """A context without the libraries' warnings: our own message says it better."""
    loggers = [logging.getLogger(name) for name in ("datasets", "huggingface_hub")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before):
            logger.setLevel(level)


def _not_found(dataset: str, options: ReadOptions, tried: list[str]) -> str:
    known = [*Hub.known, "bbc-news"]
    if options.data_root is not None and options.data_root.is_dir():
        files = options.data_root.glob("**/train*.parquet")
        known += sorted({p.parent.relative_to(options.data_root).as_posix() for p in files})
    near = get_close_matches(
        dataset, [name for name in dict.fromkeys(known) if name != dataset], n=2
    )
    hint = " Did you mean " + " or ".join(f"'{n}'" for n in near) + "?" if near else ""
    return (
        f"dataset '{dataset}' cannot be found: {'; '.join(tried)}.{hint} "
        "Give a CSV, TSV, JSONL or parquet file, a data root with its parquet files "
        "(AUTODISTILL_DATA), or a network connection."
    )
