"""The content of a report: each study's answer, its runs, each stage's effect."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autodistill.analysis.recommendation import recommend
from autodistill.errors import SpecError, choose_from
from autodistill.registry import families
from autodistill.registry.ranges import shortened
from autodistill.report.answer import Answer, Command, answer_of, commands_of, title_of
from autodistill.report.headline import measured_on
from autodistill.report.mistake_tables import texts_table
from autodistill.report.mistakes import RowTexts, mistakes_of
from autodistill.report.page import Section, page
from autodistill.report.readings import readings_table
from autodistill.report.table import Table, text_table
from autodistill.storage.files import read
from autodistill.study import spaces
from autodistill.study.results import StudyResult
from autodistill.study.space_file import MOST_PROBLEMS
from autodistill.study.toml_file import read_toml
from autodistill.training.malloc import give_back

PLACES = ("study", "all")
"""The places of a page that figures are chosen for."""
MOST_NAMED = 3
"""Studies that a title names."""
Published = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Content:
    """A report before it is written in one of its forms."""

    title: str
    sections: Sequence[Section]
    published: Published
    """Shares of stages that others found, by task."""


def report(
    names: Sequence[str], storage: str, beside: Path | None, dashboard: str, option: str = ""
) -> str:
    """The page of these studies, by name in the database or as published folders; raises SpecError.

    `option` is what commands on the page need to find the same database.
    """
    content = content_of(records_of(names, storage), beside, dashboard, commands_for(names, option))
    return page(content.title, content.sections, content.published)


def report_of(studies: Mapping[str, StudyResult], beside: Path | None, dashboard: str) -> str:
    """The page of these studies; raises SpecError."""
    content = content_of(studies, beside, dashboard)
    return page(content.title, content.sections, content.published)


def records_of(names: Sequence[str], storage: str) -> dict[str, StudyResult]:
    """Studies by name: those of the database, and published folders."""
    return {Path(n).name: study_of(n, storage) for n in names}


def commands_for(names: Sequence[str], option: str) -> dict[str, Sequence[Command]]:
    """The commands to run next for each study of the database."""
    return {n: commands_of(n, option) for n in names if not Path(n).is_dir()}


def content_of(
    studies: Mapping[str, StudyResult],
    beside: Path | None,
    dashboard: str,
    commands: Mapping[str, Sequence[Command]] = {},
    texts: Mapping[str, RowTexts] = {},
) -> Content:
    """The content of a report on these studies; raises SpecError.

    `texts` are those of validation rows, for studies whose page may hold them.
    """
    published, figures = read_beside(beside) if beside else {}, read_dashboard(dashboard)
    sections = [
        section_of(record, name, figures["study"], commands.get(name, ()), texts.get(name))
        for name, record in studies.items()
    ]
    give_back()  # the comparison of thousands of recipes took much, figures need other
    overview = Section(
        "All studies" if len(studies) > 1 else "Stages", figures=figures["all"], studies=studies
    )
    ordered = [overview, *sections] if len(studies) > 1 else [*sections, overview]
    return Content(_title(studies), ordered, published)


def read_dashboard(name: str) -> dict[str, list[str]]:
    """Names of the figures for each study and for all of them.

    Raises SpecError with every problem.
    """
    path = spaces.find("dashboards", "dashboard", name)
    data = read_toml(path, path.name)
    known = families.names("figures")
    problems = [
        f"{path.name}: " + choose_from("entry", k, ("about", *PLACES))
        for k in sorted(data.keys() - {"about", *PLACES})[:MOST_PROBLEMS]
    ]
    found: dict[str, list[str]] = {}
    for place in PLACES:
        found[place] = data.get(place, [])
        if not isinstance(found[place], list):
            said = shortened(found[place])
            problems.append(f"{path.name}: {place} is {said}, not a list of figures.")
            continue
        unknown = dict.fromkeys(str(n) for n in found[place] if n not in known)
        problems += [
            f"{path.name}: {place}: " + choose_from("figure", n, known)
            for n in list(unknown)[:MOST_PROBLEMS]
        ]
        found[place] = list(dict.fromkeys(n for n in found[place] if n in known))
    if problems:
        raise SpecError(problems)
    return found


def study_of(name: str, storage: str) -> StudyResult:
    """A published folder, or a study in the database."""
    if Path(name).is_dir():
        return read(Path(name))
    from autodistill.storage import Store

    return Store(spaces.database(storage)).record(name)


def read_beside(path: Path) -> dict[str, dict[str, float]]:
    """Shares that others found, by task and stage, from a CSV file.

    Its columns are task, stage and share; raises SpecError.
    """
    found: dict[str, dict[str, float]] = {}
    try:
        with path.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                found.setdefault(row["task"], {})[row["stage"]] = float(row["share"])
    except (OSError, KeyError, ValueError) as error:
        raise SpecError(
            f"--beside {path}: {error!r}. Give a CSV file with the columns task, stage and share."
        ) from None
    return found


def _title(studies: Mapping[str, StudyResult]) -> str:
    """The page in a line."""
    if len(studies) == 1:
        return "".join(title_of(record, name) for name, record in studies.items())
    if len(studies) > MOST_NAMED:
        return f"{len(studies)} distillation studies"
    return f"{len(studies)} distillation studies: {', '.join(studies)}"


def section_of(
    record: StudyResult,
    name: str,
    figures: Sequence[str],
    commands: Sequence[Command] = (),
    texts: RowTexts | None = None,
) -> Section:
    """The answer of one study, or why it has none, with its tables and figures."""
    answer: Answer | None = None
    no_answer = ""
    try:
        recipe, verdict = recommend(record, name)
        answer = answer_of(record, recipe, verdict, commands)
    except SpecError as error:
        no_answer = str(error)
    tables = (
        *_wrong_rows(record, name, texts),
        *readings_table(record),
        _outcomes(record),
    )
    return Section(
        *(title_of(record, name), answer, no_answer, name, tables, figures, {name: record}),
        measured_on=measured_on(record),
    )


def _wrong_rows(record: StudyResult, name: str, texts: RowTexts | None) -> list[Table]:
    """Texts that the student gets wrong, where the page may hold them."""
    found = mistakes_of(record, name) if texts else None
    if texts is None or found is None:
        return []
    table = texts_table(found, texts)
    return [table] if table else []


def _outcomes(record: StudyResult) -> Table:
    counts: dict[str, int] = {}
    for outcome in record.outcomes:
        counts[outcome.status] = counts.get(outcome.status, 0) + 1
    rows = [(k, str(n)) for k, n in sorted(counts.items())]
    return text_table("How trials ended", ("status", "trials"), rows)
