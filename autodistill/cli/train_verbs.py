"""The verbs that train one recipe: train, replay, audit."""

from pathlib import Path
from typing import Annotated

import typer

from autodistill.cli.arguments import check_place, check_storage
from autodistill.cli.options import DATA, FILES, SEARCH, DataRoot, Storage
from autodistill.cli.search_options import Device
from autodistill.cli.student_options import Force, JsonFile
from autodistill.runtime.device import AUTO, check_device
from autodistill.study.places import DEFAULT_STORAGE

RecipeFile = Annotated[
    Path, typer.Argument(metavar="RECIPE", help="A recipe.toml that `search` or `recommend` wrote.")
]


def train(
    recipe: RecipeFile,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Folder to write.",
            show_default="student-DATASET",
            rich_help_panel=FILES,
        ),
    ] = None,
    force: Force = False,
    storage: Storage = DEFAULT_STORAGE,
    read_test_again: Annotated[
        bool,
        typer.Option(
            "--read-test-again",
            help="Score this student on the held-out test although the study has read it; the "
            "reading is counted.",
            rich_help_panel=DATA,
        ),
    ] = False,
    seeds: Annotated[
        int,
        typer.Option(
            min=1,
            max=99,
            metavar="N",
            help="Students to train, each from another seed, without the validation rows: the one "
            "of the median validation score is written, the spread is reported.",
            rich_help_panel=SEARCH,
        ),
    ] = 1,
    device: Device = AUTO,
    data_root: DataRoot = None,
) -> None:
    """Train a recipe in full and write a folder to deploy.

    metrics.json has its validation score, and its score on the held-out test if
    it is the study's first recipe to be trained: for others that split is not read.
    """
    from autodistill.study.recipe import Recipe

    loaded = Recipe.load(recipe)
    check_storage(storage)
    check_device(device)
    from autodistill.cli.start import start

    screen = start("autodistill.deploy.full_run")
    from autodistill.cli import answers
    from autodistill.deploy import full_run

    folder = out or full_run.default_out(loaded)
    done = full_run.run(
        *(loaded, folder),
        force=force,
        storage=storage,
        data_root=data_root,
        screen=screen,
        read_test_again=read_test_again,
        seeds=seeds,
        device=device,
    )
    answers.print_student(done.folder, done.metrics, screen, loaded.study.target)


def replay(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="RECIPE|STUDENT", help="A recipe.toml, or a folder that `train` wrote."
        ),
    ],
    seeds: Annotated[
        int,
        typer.Option(
            min=1,
            max=99,
            metavar="N",
            help="Trainings, each from a seed that was not used before; their mean is compared.",
            rich_help_panel=SEARCH,
        ),
    ] = 1,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Keep the new student in this folder, as `train` writes it.",
            show_default="nothing is kept",
            rich_help_panel=FILES,
        ),
    ] = None,
    force: Force = False,
    anyway: Annotated[
        bool,
        typer.Option("--anyway", help="Go on though the rows differ.", rich_help_panel=DATA),
    ] = False,
    as_json: JsonFile = None,
    device: Device = AUTO,
    data_root: DataRoot = None,
) -> None:
    """Train a recipe again and say whether its score lands in its interval.

    New seeds, the same validation rows: the interval is that of a new training.
    Exit code 0: the promise is kept; 1: it is not; 2: it cannot be compared.
    """
    if as_json is not None:
        check_place(as_json, "the comparison", "--json")
    check_device(device)
    from autodistill.cli.start import start

    screen = start("autodistill.deploy.replay")
    from autodistill.deploy import replay as replays
    from autodistill.deploy.promise import Source
    from autodistill.deploy.replay_result import replay_lines, write_replay

    found = replays.replay(
        *(Source.read(source), screen),
        seeds=seeds,
        out=out,
        force=force,
        anyway=anyway,
        data_root=data_root,
        device=device,
    )
    for line in replay_lines(found):
        screen.answer(line)
    if as_json is not None:
        write_replay(found, as_json)
        screen.answer(f"Written to {as_json}")
    raise typer.Exit(0 if found.is_kept else 1)


def audit(recipe: RecipeFile, device: Device = AUTO, data_root: DataRoot = None) -> None:
    """Train a recipe and test what its student leaks, copies and represents.

    Membership inference, agreement with the teacher where it contradicts the
    labels, information in each layer. The held-out test split is not read.
    """
    from autodistill.study.recipe import Recipe

    loaded = Recipe.load(recipe)
    check_device(device)
    from autodistill.cli.start import start

    screen = start("autodistill.deploy.audit")
    from autodistill.deploy.audit import audit_recipe, lines

    for line in lines(audit_recipe(loaded, data_root, screen, device)):
        screen.answer(line)
