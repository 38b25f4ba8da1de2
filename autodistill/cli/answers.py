"""Results of the long-running verbs, printed when they are done."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from autodistill.analysis.recommendation import recommend
from autodistill.cli.arguments import storage_option
from autodistill.deploy.score_lines import score_lines
from autodistill.report import sentences
from autodistill.report.answer import Command, answer_of
from autodistill.report.costs import cost
from autodistill.report.terminal import print_answer
from autodistill.runtime.cache import refusals
from autodistill.runtime.progress import Screen
from autodistill.study.recipe import Recipe
from autodistill.study.results import StudyResult
from autodistill.study.study import ONNX_INT8


def print_search(record: StudyResult, name: str, out: Path, storage: str, screen: Screen) -> None:
    """The result of a search and its recipe file; a table of students instead."""
    if record.study.students != "each":
        save(show(record, name, screen), out, storage, screen)
        return
    from autodistill.search.screening.tables import audit_table, students_table

    for table in filter(None, (students_table(record), audit_table(record))):
        screen.answer(table.drawn())


def show(
    record: StudyResult, name: str, screen: Screen, commands: Sequence[Command] = ()
) -> Recipe:
    """Print the answer of a study; its recipe."""
    recipe, verdict = recommend(record, name)
    print_answer(answer_of(record, recipe, verdict, commands), screen.answers)
    screen.event("answer", **recipe.evidence, pipeline=recipe.pipeline.to_dict())
    return recipe


def show_trial(
    record: StudyResult, name: str, number: int, screen: Screen, commands: Sequence[Command] = ()
) -> Recipe:
    """Print what is known of one trial's recipe, whose runs alone `record` holds; its recipe."""
    recipe, verdict = recommend(record, name)
    screen.answer(f"Trial {number} of study {name}: {recipe.pipeline}")
    screen.answer(cost(verdict, record.study.target))
    screen.answer(sentences.score(verdict, record))
    for command in commands:
        screen.answer(f"{command.purpose}:")
        screen.command(command.line)
    return replace(recipe, evidence={**recipe.evidence, "trial": number})


def save(recipe: Recipe, out: Path, storage: str, screen: Screen) -> None:
    """Write a recipe, and say how to train it."""
    with refusals(out):
        recipe.save(out)
    screen.event("written", file=str(out))
    screen.answer(f"Written to {out}. Train it in full:")
    screen.command(f"autodistill train {shlex.quote(str(out))}{storage_option(storage)}")


def print_student(folder: Path, m: Mapping[str, Any], screen: Screen, target: str = "") -> None:
    """Scores, size and speed of a trained student, where it is, how to use it.

    `target` is that of its study: the file to write for it.
    """
    for line in score_lines(m):
        screen.answer(line)
    screen.answer(_size(m))
    parts = ("weights", "config", "image processor" if "image" in m else "tokenizer")
    beside = sorted(p.name for p in folder.iterdir() if p.suffix in (".py", ".npy"))
    files = (*parts, "metrics.json", "recipe.toml", "README.md", *beside)
    exact = m["reload_difference"] == 0
    same = (
        "the same predictions bit for bit"
        if exact
        else f"predictions within {m['reload_difference']:.1g}"
    )
    screen.answer(
        f"Written to {folder}: {', '.join(files)}. Loaded by a new process, it gives {same}."
    )
    if m["own_code"]:
        screen.answer(
            f"Transformers has no such architecture: {m['own_code']} in the folder is its code, "
            "nothing else is needed to load it."
        )
    task, example = (
        ("image-classification", "your.png")
        if "image" in m
        else ("text-classification", "your text")
    )
    # no setting in a folder makes `pipeline` cut long texts: it goes by its arguments alone
    options = ("" if "image" in m else ", truncation=True") + (
        ", trust_remote_code=True" if m["own_code"] else ""
    )
    if target:
        screen.answer("Write the file that it was searched for:")
        int8 = " --int8" if target == ONNX_INT8 else ""
        screen.command(f"autodistill export {shlex.quote(str(folder))} --onnx{int8}")
    screen.answer("Try it:")
    screen.command(
        'python -c "from transformers import pipeline; '
        f"print(pipeline('{task}', '{folder}'{options})('{example}'))\""
    )


def _size(m: Mapping[str, Any]) -> str:
    sample = (
        "an image of {} by {} pixels".format(*m["image"])
        if "image" in m
        else f"a text of {m['latency_tokens']} tokens"
    )
    digits = 1 if m["params"] > 1e6 else 2
    millions, megabytes = m["params"] / 1e6, m["size_bytes"] / 1e6
    layers = "" if m["own_code"] else f"{m['layers']} of {m['teacher_layers']} layers, "
    latency = f"{m['latency_ms']:.{1 if m['latency_ms'] >= 1 else 2}f} ms"
    return (
        f"Student: {layers}{millions:.{digits}f} million parameters, "
        f"{m['params'] / m['teacher_params']:.0%} of the {m.get('teacher_is', 'teacher')}'s, "
        f"{megabytes:.{digits - 1}f} MB, {latency} for {sample}"
    )
