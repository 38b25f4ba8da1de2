"""The verb that says which recipe to train: recommend."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer

from autodistill.cli import complete
from autodistill.cli.arguments import check_place, check_there, pairs, parse_limits
from autodistill.cli.options import (
    DATA,
    FILES,
    SEARCH,
    Columns,
    DataRoot,
    Limits,
    MaxLength,
    RestUnlabelled,
    RowCount,
    SpaceName,
    Storage,
    Teacher,
    Unlabelled,
)
from autodistill.errors import SpecError
from autodistill.study.places import DEFAULT_STORAGE
from autodistill.study.study import Study

PAST = "Past studies"
Choice = Literal["best", "balanced", "smallest"]
"""Sizes of students, as the table of sizes calls them."""


@dataclass(frozen=True)
class _Asked:
    """The student of a study that is asked for."""

    choose: Choice | None
    trial: int | None
    limits: dict[str, float]

    def check(self, study: str) -> None:
        """Refuse words that do not go together; raises SpecError."""
        if not study and (self.choose or self.trial is not None):
            option = "--choose" if self.choose else "--trial"
            raise SpecError(f"{option} is about a study that is finished; name it with --study.")
        if self.trial is not None and (self.choose or self.limits):
            other = "--choose" if self.choose else "--limit"
            raise SpecError(f"--trial {self.trial} names one recipe; leave {other} out.")

    @property
    def words(self) -> str:
        """The options that ask for it again, as they are typed."""
        if self.trial is not None:
            return f"--trial {self.trial}"
        return f"--choose {self.choose}" if self.choose else ""


def recommend(
    dataset: Annotated[
        str,
        typer.Option(
            metavar="DATA",
            help="A dataset, as in `search`. Give this or --study.",
            rich_help_panel=DATA,
            autocompletion=complete.datasets,
        ),
    ] = "",
    teacher: Teacher = "embedded",
    column: Columns = None,
    rows: RowCount = 0,
    unlabelled: Unlabelled = "",
    rest_unlabelled: RestUnlabelled = False,
    max_length: MaxLength = 128,
    study: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Print the result of this study again; see `autodistill ls studies`.",
            rich_help_panel=PAST,
            autocompletion=complete.studies,
        ),
    ] = "",
    shared: Annotated[
        bool,
        typer.Option(
            help="Learn from the studies that are installed, and from ./studies.",
            rich_help_panel=PAST,
        ),
    ] = True,
    own: Annotated[
        bool, typer.Option(help="Learn from the studies in the database.", rich_help_panel=PAST)
    ] = True,
    choose: Annotated[
        Choice | None,
        typer.Option(
            metavar="SIZE",
            help="With --study, its recommended student of this size: best; balanced, at most 40% "
            "of the teacher's parameters; smallest, at most 10%.",
            rich_help_panel=PAST,
        ),
    ] = None,
    trial: Annotated[
        int | None,
        typer.Option(
            min=0,
            metavar="N",
            help="With --study, the recipe of this trial instead of the recommended one.",
            rich_help_panel=PAST,
        ),
    ] = None,
    space: SpaceName = "knowledge",
    limit: Limits = None,
    students: Annotated[
        bool,
        typer.Option(
            "--students", help="Show the best recipe of each student.", rich_help_panel=SEARCH
        ),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Recipe to write.", rich_help_panel=FILES),
    ] = None,
    storage: Storage = DEFAULT_STORAGE,
    data_root: DataRoot = None,
) -> None:
    """Suggest a recipe from past studies, before any search.

    With --study: print the result of a finished study again, and write its recipe.
    """
    if bool(dataset) == bool(study):
        raise SpecError(
            "recommend needs either --dataset, to learn from past studies, "
            "or --study, to print that study's result."
        )
    asked = _Asked(choose, trial, parse_limits(limit or []))
    asked.check(study)
    if study:
        _recommend_again(study, storage, out, asked)
        return
    question = Study(
        *(dataset, teacher, space, "", pairs(column), rows, max_length),
        limits=asked.limits,
        unlabelled=unlabelled,
        rest_unlabelled=rest_unlabelled,
    )
    _recommend_new(question, students, (shared, own, storage), data_root, out)


def _recommend_again(study: str, storage: str, out: Path | None, asked: _Asked) -> None:
    from autodistill.cli import answers
    from autodistill.cli.arguments import storage_option
    from autodistill.report.answer import commands_of
    from autodistill.report.limits import of_trial, size_limits, within_limits
    from autodistill.runtime.progress import Screen
    from autodistill.storage import Store
    from autodistill.study.spaces import database

    if out is not None:
        check_place(out)
    screen = Screen()
    words = asked.words
    commands = () if out else commands_of(study, storage_option(storage), words)
    record = Store(database(storage)).record(study)
    if asked.trial is not None:
        part = of_trial(record, asked.trial, study)
        recipe = answers.show_trial(part, study, asked.trial, screen, commands)
    else:
        size = size_limits(record, asked.choose, study) if asked.choose else {}
        limits = {k: min(v, asked.limits.get(k, v)) for k, v in (asked.limits | size).items()}
        part = within_limits(record, limits, study, words or "--limit")
        recipe = answers.show(part, study, screen, commands)
    if out is not None:
        answers.save(recipe, out, storage, screen)


def _recommend_new(
    study: Study,
    students: bool,
    sources: tuple[bool, bool, str],
    data_root: Path | None,
    out: Path | None,
) -> None:
    if out is not None:
        check_place(out)
    check_there(study.dataset, study.unlabelled)
    from autodistill.cli.start import start

    screen = start("autodistill.recommend.recommend")
    from autodistill.cli import answers
    from autodistill.recommend import summary
    from autodistill.recommend.recommend import recommend
    from autodistill.recommend.sources import Sources

    found = recommend(study, Sources(*sources), data_root, screen)
    shown = summary.by_student(found) if students else found.advice.suggestions
    screen.answer(summary.suggestions_table(found, shown))
    for line in summary.lines(found):
        screen.answer(line)
    if out is not None:
        answers.save(found.recipe, out, sources[2], screen)
