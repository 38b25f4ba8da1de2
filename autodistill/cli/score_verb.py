"""The verb about students before any search: score."""

from collections.abc import Sequence
from typing import Annotated

import typer

from autodistill.cli import complete
from autodistill.cli.arguments import check_there, names, once, pairs, parse_limits
from autodistill.cli.options import (
    SEARCH,
    Columns,
    DataRoot,
    Dataset,
    Limits,
    MaxLength,
    RestUnlabelled,
    RowCount,
    SpaceName,
    StudentNetworks,
    Teacher,
    Unlabelled,
)
from autodistill.cli.search_options import Device
from autodistill.errors import SpecError, choose_from
from autodistill.runtime.device import AUTO, check_device
from autodistill.study.study import Study

UNCHECKED = (
    "Rank 1 is the best. The proxies were not compared with trained students here: a proxy is "
    "worth something only where it ranks better than the number of parameters does."
)


def score(
    dataset: Dataset,
    teacher: Teacher = "embedded",
    column: Columns = None,
    rows: RowCount = 0,
    unlabelled: Unlabelled = "",
    rest_unlabelled: RestUnlabelled = False,
    max_length: MaxLength = 128,
    space: SpaceName = "text",
    limit: Limits = None,
    student: StudentNetworks = None,
    proxies: Annotated[
        str,
        typer.Option(
            metavar="A,B,C",
            help="Proxies to score by; see `autodistill ls proxies`.",
            show_default="all",
            rich_help_panel=SEARCH,
            autocompletion=complete.proxies,
        ),
    ] = "",
    by: Annotated[
        str,
        typer.Option(
            metavar="PROXY",
            help="Evolve students towards a high score by this proxy instead of drawing them "
            "at random.",
            rich_help_panel=SEARCH,
            autocompletion=complete.proxies,
        ),
    ] = "",
    students: Annotated[
        int,
        typer.Option(
            min=2,
            metavar="N",
            help="Students of different shapes to score, at most.",
            rich_help_panel=SEARCH,
        ),
    ] = 24,
    top: Annotated[
        int,
        typer.Option(min=1, metavar="N", help="Students to print.", rich_help_panel=SEARCH),
    ] = 20,
    device: Device = AUTO,
    data_root: DataRoot = None,
) -> None:
    """Rank the students of a search space without training any of them."""
    question = Study(
        *(dataset, teacher, space, "", pairs(column), rows, max_length),
        limits=parse_limits(limit or []),
        unlabelled=unlabelled,
        rest_unlabelled=rest_unlabelled,
        student=once(student),
    )
    asked = names(proxies)
    check_proxies(asked, by)
    check_device(device)
    check_there(dataset, unlabelled)
    from autodistill.cli.start import start

    screen = start("autodistill.search.screening.selection")
    from autodistill.prepare.workspace import open_workspace
    from autodistill.search.screening.score_table import table
    from autodistill.search.screening.selection import score_space

    workspace = open_workspace(question, screen, data_root, device)
    ranked = score_space(workspace, asked, students, by, screen)
    screen.answer(table(ranked, top))
    screen.answer(UNCHECKED)


def check_proxies(asked: Sequence[str], by: str) -> None:
    """Raise SpecError naming every proxy that does not exist."""
    from autodistill.registry import families

    known = families.names("proxies")
    options = [("--proxies", name) for name in asked] + ([("--by", by)] if by else [])
    if problems := [
        choose_from("proxy", name, known, option) for option, name in options if name not in known
    ]:
        raise SpecError(problems)
