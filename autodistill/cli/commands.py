"""What the long-running verbs do: call the stages, print the answer."""

import json
from collections.abc import Sequence
from pathlib import Path

from autodistill.analysis.recommendation import recommend
from autodistill.cli.arguments import (
    check_place,
    check_storage,
    parse_seconds,
    quiet,
    storage_option,
)
from autodistill.errors import SpecError
from autodistill.report.answer import answer_of
from autodistill.report.terminal import print_answer
from autodistill.runtime.progress import Screen
from autodistill.study.recipe import Recipe
from autodistill.study.study import Budget, Study

DEFAULT_BUDGET = "20m"


def run_search(
    study: Study,
    budget: str,
    trials: int | None,
    closing: float,
    workers: int,
    storage: str,
    data_root: Path | None,
    name: str,
    out: Path,
    past: bool,
) -> None:
    """Search, answer, write the recipe."""
    seconds = parse_seconds(budget or ("" if trials else DEFAULT_BUDGET))
    check_place(out)
    check_storage(storage)
    quiet()
    from autodistill.runtime.cache import refusals
    from autodistill.search.loop import search

    screen = Screen()
    found = search(
        study,
        Budget(trials, seconds, closing),
        storage=storage,
        workers=workers,
        data_root=data_root,
        name=name,
        screen=screen,
        past=past,
    )
    if study.students == "each":
        from autodistill.screening.tables import audit_table, students_table

        for told in filter(None, (students_table(found.record), audit_table(found.record))):
            screen.answer(told.drawn())
        return
    recipe, verdict = recommend(found.record, name or found.workspace.study.name)
    print_answer(answer_of(found.record, recipe, verdict), screen.answers)
    with refusals(out):
        recipe.save(out)
    screen.answer(f"Written to {out}. Next: autodistill run {out}{storage_option(storage)}")


def run_plan(
    study: Study,
    budget: str,
    trials: int | None,
    closing: float,
    workers: int,
    data_root: Path | None,
    as_json: bool,
) -> None:
    """Time a few steps, say what a search would cost."""
    seconds = parse_seconds(budget or ("" if trials else DEFAULT_BUDGET))
    quiet()
    from autodistill.prepare.workspace import open_workspace
    from autodistill.search.forecast import forecast, lines

    screen = Screen()
    plan = forecast(
        open_workspace(study, screen, data_root), Budget(trials, seconds, closing), workers
    ).plan
    if as_json:
        screen.answer(json.dumps(plan.to_dict()))
        return
    for line in lines(plan):
        screen.answer(line)


def run_recipe(
    path: Path, out: Path | None, force: bool, storage: str, data_root: Path | None
) -> None:
    """Train in full, print what came out."""
    recipe = Recipe.load(path)
    check_storage(storage)
    quiet()
    from autodistill.deploy.full_run import default_out, run

    screen = Screen()
    done = run(
        recipe,
        out or default_out(recipe),
        force=force,
        storage=storage,
        data_root=data_root,
        screen=screen,
    )
    m = done.metrics
    if "student_test" in m:
        teacher = (
            f", teacher {m['teacher_test']:.4f} ({m['student_test'] / m['teacher_test']:.1%} of it)"
            if m.get("teacher_test")
            else ""
        )
        screen.answer(
            f"Locked test, {m['test_rows']:,} rows: student {m['metric']} {m['student_test']:.4f}{teacher}"
        )
    row = (
        "an image of {} by {} pixels".format(*m["image"])
        if "image" in m
        else f"a text of {m['latency_tokens']} tokens"
    )
    reader, task, example = (
        ("image processor", "image-classification", "your.png")
        if "image" in m
        else ("tokenizer", "text-classification", "your text")
    )
    share = f", {m['params'] / m['teacher_params']:.0%} of the teacher's"
    digits = 1 if m["params"] > 1e6 else 2
    screen.answer(
        f"Student: {m['layers']} of {m['teacher_layers']} layers, {m['params'] / 1e6:.{digits}f} million parameters{share}, "
        f"{m['size_bytes'] / 1e6:.{digits - 1}f} MB, "
        f"{m['latency_ms']:.1f} ms for {row}"
    )
    bits = (
        "same predictions bit for bit"
        if m["reload_difference"] == 0
        else f"predictions within {m['reload_difference']:.1g}"
    )
    screen.answer(
        f"Written to {done.folder}: weights, config, {reader}, metrics.json, recipe.toml; read back by a new process: {bits}"
    )
    trusted = ", trust_remote_code=True" if m["own_code"] else ""
    code = f"from transformers import pipeline; print(pipeline('{task}', '{done.folder}'{trusted})('{example}'))"
    if m["own_code"]:
        screen.answer(
            f"Transformers has no such network: {m['own_code']} in the folder is its code, nothing else is needed to open it"
        )
    screen.answer(f'Next: python -c "{code}"')


def run_score(
    study: Study, names: Sequence[str], most: int, top: int, by: str, data_root: Path | None
) -> None:
    """Score, print the best."""
    from autodistill.errors import choose_from
    from autodistill.registry import families

    known = families.names("proxies")
    asked = [("--proxies", n) for n in names] + ([("--by", by)] if by else [])
    if problems := [
        choose_from("proxy", n, known, option) for option, n in asked if n not in known
    ]:
        raise SpecError(problems)
    quiet()
    from autodistill.prepare.workspace import open_workspace
    from autodistill.screening.scoring import table
    from autodistill.screening.selection import score_space

    screen = Screen()
    made = score_space(open_workspace(study, screen, data_root), names, most, by, screen)
    screen.answer(table(made, top))
    screen.answer(
        "Ranks, 1 the best. No proxy was checked against trained students here: parameters are what any of them has to beat."
    )


def run_audit(path: Path, data_root: Path | None) -> None:
    """Train, look, print."""
    recipe = Recipe.load(path)
    quiet()
    from autodistill.deploy.audit import audit_recipe, lines

    screen = Screen()
    for line in lines(audit_recipe(recipe, data_root, screen)):
        screen.answer(line)


def write_report(
    names: Sequence[str], storage: str, beside: Path | None, dashboard: str, out: Path
) -> None:
    """Write the page of these studies."""
    check_place(out, "the report")
    from autodistill.report.build import report
    from autodistill.runtime.cache import refusals

    text = report(names, storage, beside, dashboard, storage_option(storage))
    with refusals(out):
        out.write_text(text, encoding="utf-8")
    Screen().answer(
        f"Written to {out}: {len(names)} stud{'y' if len(names) == 1 else 'ies'}, {len(text) / 1e6:.1f} MB"
    )
