"""Values that a shell completes: names that are known without reading a dataset.

Each function imports what it needs: every command line imports this module, few complete a word.
"""

from pathlib import Path

import typer

from autodistill.study.places import storage_of


def kinds() -> list[str]:
    """Kinds that `ls` and `show` know."""
    from autodistill.cli.kinds import KINDS

    return list(KINDS)


def members(ctx: typer.Context) -> list[str]:
    """Names of the kind that stands before on the command line."""
    from autodistill.cli.kinds import family_of
    from autodistill.registry import families

    match str(ctx.params.get("what")):
        case "spaces":
            return spaces()
        case "studies":
            return studies(ctx)
        case what if family_of(what) in families.FAMILIES:
            return list(families.names(family_of(what)))
    return []


def datasets() -> list[str]:
    """Datasets that have a name of their own."""
    from autodistill.registry import families

    cards = (families.card("tasks", name) for name in families.names("tasks"))
    return [str(name) for card in cards for name in card.traits.get("known", ())]


def metrics() -> list[str]:
    """Metrics."""
    return _family("metrics")


def proxies() -> list[str]:
    """Training-free proxies."""
    return _family("proxies")


def spaces() -> list[str]:
    """Search spaces by name."""
    return _files("search_spaces")


def dashboards() -> list[str]:
    """Selections of figures by name."""
    return _files("dashboards")


def student_modes() -> list[str]:
    """Ways to select students."""
    return ["auto", "each"]


def devices() -> list[str]:
    """Kinds of devices."""
    return ["auto", "cpu", "cuda", "mps"]


def engines() -> list[str]:
    """Places where trials run."""
    from autodistill.prepare.quantities import ENGINES

    return list(ENGINES)


def stoppings() -> list[str]:
    """Ways of early stopping."""
    return ["curve"]


def targets() -> list[str]:
    """Places where students run."""
    from autodistill.study.study import TARGETS

    return list(TARGETS)


def studies(ctx: typer.Context) -> list[str]:
    """Studies of a database file, read without slow libraries; none of a server."""
    storage = str(storage_of(ctx.params.get("storage"))).removeprefix("sqlite:///")
    path = Path(storage).expanduser()
    if "://" in storage or not path.is_file():
        return []
    import sqlite3
    from contextlib import closing

    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            rows = database.execute("SELECT name FROM ad_study ORDER BY name").fetchall()
    except sqlite3.Error:  # another program's file; a shell that completes says nothing
        return []
    return [str(name) for (name,) in rows]


def _family(name: str) -> list[str]:
    from autodistill.registry import families

    return list(families.names(name))


def _files(kind: str) -> list[str]:
    from autodistill.study import spaces

    return spaces.names(kind)
