"""The command `autodistill audit`: train a student and print its audit."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from autodistill.prepare.early_checks import check_recipe
from autodistill.prepare.materials import prepare
from autodistill.prepare.views import Views
from autodistill.prepare.workspace import open_workspace
from autodistill.runtime.progress import Screen
from autodistill.study.recipe import Recipe
from autodistill.training.audit import Audit, audit
from autodistill.training.trial import TrialSpec


def audit_recipe(
    recipe: Recipe, data_root: Path | None, screen: Screen, device: str = "cpu"
) -> Audit:
    """Train the recipe on the training rows alone; the test rows are not read."""
    found = open_workspace(recipe.study, screen, data_root, device)
    workspace = prepare(check_recipe(found, recipe), screen)
    lessons, pipeline = Views(workspace, screen), recipe.pipeline
    views, tutored = lessons(pipeline), lessons.tutored(pipeline)
    ticket = TrialSpec(
        0,
        pipeline,
        recipe.seed,
        workspace.data.train_rows,
        recipe.epochs,
        views=views,
        tutored=tutored,
    )
    screen.line(f"training  {workspace.data.train_rows:,} rows, {recipe.epochs} epochs: {pipeline}")
    with screen.bar("training the student") as tick:
        return audit(workspace.data, ticket, tick)


def lines(found: Audit) -> list[str]:
    """The audit as lines of text."""
    told = [
        f"membership  {found.membership:.3f}: the chance that a row used in training has a "
        "smaller loss than one that was not (0.5: no leak)",
        "teacher     divergence from the teacher on training and on validation rows, "
        "cross-entropy with the labels of the validation rows:",
        *(
            f"            after {x.quarter}/4  {x.train_kl:.4f}  {x.held_out_kl:.4f}  "
            f"{x.held_out_ce:.4f}"
            for x in found.looks
        ),
    ]
    if found.hacked:
        when = ", ".join(f"{q}/4" for q in found.hacked)
        told.append(
            f"            by {when} the student had moved closer to the teacher but further from "
            "the "
            "labels: stop earlier, or add rows or views"
        )
    else:
        told.append(
            "            the student never got closer to the teacher while moving away from the "
            "labels"
        )
    for who, entropy, about in zip(("student", "teacher"), found.entropy, found.information):
        told.append(
            f"{who}     entropy of the states, layer by layer: {_row(entropy)} bits; "
            f"information about the label: {_row(about)} bits"
        )
    return told


def _row(values: Sequence[float]) -> str:
    return " ".join(f"{v:.2f}" for v in np.asarray(values))
