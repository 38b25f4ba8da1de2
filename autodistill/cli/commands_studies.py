"""What the verbs about many studies do: learn from them, make them, pass them on."""

from pathlib import Path

from autodistill.analysis.recommendation import recommend
from autodistill.cli.arguments import check_place, check_storage, quiet, storage_option
from autodistill.report.answer import answer_of, commands_of
from autodistill.report.terminal import print_answer
from autodistill.runtime.progress import Screen
from autodistill.study import spaces
from autodistill.study.study import Study


def print_recommendation(name: str, storage: str, out: Path | None) -> None:
    """The answer of a study in the database."""
    from autodistill.storage import Store

    record = Store(spaces.database(storage)).record(name)
    (recipe, verdict), screen = recommend(record, name), Screen()
    commands = () if out else commands_of(name, storage_option(storage))
    print_answer(answer_of(record, recipe, verdict, commands), screen.answers)
    if out is not None:
        check_place(out)
        recipe.save(out)
        screen.answer(f"Written to {out}. Next: autodistill run {out}{storage_option(storage)}")


def advise_on(
    study: Study,
    students: bool,
    shared: bool,
    own: bool,
    storage: str,
    data_root: Path | None,
    out: Path | None,
) -> None:
    """What past studies know of a dataset."""
    if out is not None:
        check_place(out)
    quiet()
    from autodistill.recommend.recommend import recommend
    from autodistill.recommend.sources import Sources
    from autodistill.recommend.suggestions import by_student, lines, suggestions_table

    screen = Screen()
    found = recommend(study, Sources(shared, own, storage), data_root, screen)
    screen.answer(
        suggestions_table(found, by_student(found) if students else found.advice.suggestions)
    )
    for line in lines(found):
        screen.answer(line)
    if out is not None:
        found.recipe.save(out)
        screen.answer(f"Written to {out}. Next: autodistill run {out}{storage_option(storage)}")


def publish_study(name: str, storage: str, folder: Path) -> None:
    """Write a study of the database into a folder."""
    from autodistill.runtime.cache import refusals
    from autodistill.storage import Store
    from autodistill.storage.files import publish

    record = Store(spaces.database(storage)).record(name)
    with refusals(folder):
        publish(record, name, folder)
    Screen().answer(
        f"Written to {folder}: study.toml, outcomes.csv ({len(record.outcomes)} runs), guesses.csv"
    )


def build_studies(path: Path, to: Path, workers: int, storage: str, data_root: Path | None) -> None:
    """Make the studies of a plan."""
    from autodistill.search.campaign_plan import read_plan

    plan = read_plan(path)
    check_storage(storage)
    quiet()
    from autodistill.search.campaign import build

    screen = Screen()
    made = build(plan, storage=storage, workers=workers, data_root=data_root, to=to, screen=screen)
    screen.answer(f"Written to {to}: {len(made)} studies")


def add_study(source: str, to: Path) -> None:
    """Check a study of others, keep it."""
    from autodistill.recommend.contributed import add

    place, record = add(source, to)
    Screen().answer(
        f"Written to {place}: {len(record.outcomes)} runs on {record.study.dataset}; `autodistill recommend` learns from it now"
    )
