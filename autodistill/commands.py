"""What the long-running verbs do: call the stages, print the answer."""

import json
import os
import re
import warnings
from collections.abc import Sequence
from pathlib import Path

from autodistill import catalog
from autodistill.answer import recommend, show_answer
from autodistill.errors import SpecError, StorageError
from autodistill.recipe import Recipe
from autodistill.screen import Screen
from autodistill.study import Budget, Study

DEFAULT_BUDGET = "20m"
DEFAULT_STORAGE = "autodistill.db"
LIMITS: dict[str, tuple[str, dict[str, float]]] = {
    "params": ("params", {"": 1, "k": 1e3, "m": 1e6, "b": 1e9}),
    "size": ("size_bytes", {"": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9}),
    "latency": ("latency_ms", {"ms": 1, "s": 1e3, "us": 1e-3}),
}
"""By the name a person types: the key of a cost, and what its units stand for."""


def run_search(
    study: Study, budget: str, trials: int | None, closing: float, workers: int, storage: str, data_root: Path | None, name: str, out: Path
) -> None:
    """Search, answer, write the recipe."""
    seconds = parse_seconds(budget or ("" if trials else DEFAULT_BUDGET))
    _check_place(out)
    _check_storage(storage)
    _quiet()
    from autodistill.cache import refusals
    from autodistill.loop import search

    screen = Screen()
    found = search(study, Budget(trials, seconds, closing), storage=storage, workers=workers, data_root=data_root, name=name, screen=screen)
    if study.students == "each":
        from autodistill.audition import audit_table, students_table

        for told in filter(None, (students_table(found.record), audit_table(found.record))):
            screen.answer(told.drawn())
        return
    recipe, verdict = recommend(found.record, name or found.prepared.study.name)
    show_answer(found.record, recipe, verdict, screen)
    with refusals(out):
        recipe.save(out)
    screen.answer(f"Written to {out}. Next: autodistill run {out}{_storage_option(storage)}")


def run_plan(study: Study, budget: str, trials: int | None, closing: float, workers: int, data_root: Path | None, as_json: bool) -> None:
    """Time a few steps, say what a search would cost."""
    seconds = parse_seconds(budget or ("" if trials else DEFAULT_BUDGET))
    _quiet()
    from autodistill.forecast import forecast, lines
    from autodistill.look import look

    screen = Screen()
    plan = forecast(look(study, screen, data_root), Budget(trials, seconds, closing), workers).plan
    if as_json:
        screen.answer(json.dumps(plan.to_dict()))
        return
    for line in lines(plan):
        screen.answer(line)


def run_recipe(path: Path, out: Path | None, force: bool, storage: str, data_root: Path | None) -> None:
    """Train in full, print what came out."""
    recipe = Recipe.load(path)
    _check_storage(storage)
    _quiet()
    from autodistill.deploy import default_out, run

    screen = Screen()
    done = run(recipe, out or default_out(recipe), force=force, storage=storage, data_root=data_root, screen=screen)
    m = done.metrics
    if "student_test" in m:
        teacher = f", teacher {m['teacher_test']:.4f} ({m['student_test'] / m['teacher_test']:.1%} of it)" if m.get("teacher_test") else ""
        screen.answer(f"Locked test, {m['test_rows']:,} rows: student {m['metric']} {m['student_test']:.4f}{teacher}")
    row = "an image of {} by {} pixels".format(*m["image"]) if "image" in m else f"a text of {m['latency_tokens']} tokens"
    reader, task, example = (
        ("image processor", "image-classification", "your.png") if "image" in m else ("tokenizer", "text-classification", "your text")
    )
    share = f", {m['params'] / m['teacher_params']:.0%} of the teacher's"
    digits = 1 if m["params"] > 1e6 else 2
    screen.answer(
        f"Student: {m['layers']} of {m['teacher_layers']} layers, {m['params'] / 1e6:.{digits}f} million parameters{share}, "
        f"{m['size_bytes'] / 1e6:.{digits - 1}f} MB, "
        f"{m['latency_ms']:.1f} ms for {row}"
    )
    bits = "same predictions bit for bit" if m["reload_difference"] == 0 else f"predictions within {m['reload_difference']:.1g}"
    screen.answer(f"Written to {done.folder}: weights, config, {reader}, metrics.json, recipe.toml; read back by a new process: {bits}")
    trusted = ", trust_remote_code=True" if m["own_code"] else ""
    code = f"from transformers import pipeline; print(pipeline('{task}', '{done.folder}'{trusted})('{example}'))"
    if m["own_code"]:
        screen.answer(f"Transformers has no such network: {m['own_code']} in the folder is its code, nothing else is needed to open it")
    screen.answer(f'Next: python -c "{code}"')


def run_score(study: Study, names: Sequence[str], most: int, top: int, by: str, data_root: Path | None) -> None:
    """Score, print the best."""
    from autodistill import family
    from autodistill.errors import choose_from

    known = family.names("proxies")
    asked = [("--proxies", n) for n in names] + ([("--by", by)] if by else [])
    if problems := [choose_from("proxy", n, known, option) for option, n in asked if n not in known]:
        raise SpecError(problems)
    _quiet()
    from autodistill.audition import score_space
    from autodistill.look import look
    from autodistill.scoring import table

    screen = Screen()
    made = score_space(look(study, screen, data_root), names, most, by, screen)
    screen.answer(table(made, top))
    screen.answer("Ranks, 1 the best. No proxy was checked against trained students here: parameters are what any of them has to beat.")


def run_audit(path: Path, data_root: Path | None) -> None:
    """Train, look, print."""
    recipe = Recipe.load(path)
    _quiet()
    from autodistill.auditing import audit_recipe, lines

    screen = Screen()
    for line in lines(audit_recipe(recipe, data_root, screen)):
        screen.answer(line)


def print_recommendation(name: str, storage: str, out: Path | None) -> None:
    """The answer of a study in the database."""
    from autodistill.store import Store

    record = Store(catalog.database(storage)).record(name)
    (recipe, verdict), screen = recommend(record, name), Screen()
    show_answer(record, recipe, verdict, screen)
    if out is not None:
        _check_place(out)
        recipe.save(out)
        screen.answer(f"Written to {out}. Next: autodistill run {out}{_storage_option(storage)}")


def advise_on(study: Study, students: bool, shared: bool, own: bool, storage: str, data_root: Path | None, out: Path | None) -> None:
    """What past studies know of a dataset."""
    if out is not None:
        _check_place(out)
    _quiet()
    from autodistill.advising import Sources, by_student, lines, recommend, suggestions_table

    screen = Screen()
    found = recommend(study, Sources(shared, own, storage), data_root, screen)
    screen.answer(suggestions_table(found, by_student(found) if students else found.advice.suggestions))
    for line in lines(found):
        screen.answer(line)
    if out is not None:
        found.recipe.save(out)
        screen.answer(f"Written to {out}. Next: autodistill run {out}{_storage_option(storage)}")


def publish_study(name: str, storage: str, folder: Path) -> None:
    """Write a study of the database into a folder."""
    from autodistill.cache import refusals
    from autodistill.published import publish
    from autodistill.store import Store

    record = Store(catalog.database(storage)).record(name)
    with refusals(folder):
        publish(record, name, folder)
    Screen().answer(f"Written to {folder}: study.toml, outcomes.csv ({len(record.outcomes)} runs), guesses.csv")


def build_studies(path: Path, to: Path, workers: int, storage: str, data_root: Path | None) -> None:
    """Make the studies of a plan."""
    from autodistill.portfolio import read_plan

    plan = read_plan(path)
    _check_storage(storage)
    _quiet()
    from autodistill.building import build

    screen = Screen()
    made = build(plan, storage=storage, workers=workers, data_root=data_root, to=to, screen=screen)
    screen.answer(f"Written to {to}: {len(made)} studies")


def write_report(names: Sequence[str], storage: str, beside: Path | None, dashboard: str, out: Path) -> None:
    """Write the page of these studies."""
    _check_place(out, "the report")
    from autodistill.cache import refusals
    from autodistill.reporting import report

    text = report(names, storage, beside, dashboard)
    with refusals(out):
        out.write_text(text, encoding="utf-8")
    Screen().answer(f"Written to {out}: {len(names)} stud{'y' if len(names) == 1 else 'ies'}, {len(text) / 1e6:.1f} MB")


def _storage_option(storage: str) -> str:
    """What to add to a command so that it finds the same database."""
    return "" if storage == DEFAULT_STORAGE else f" --storage {storage}"


def parse_limits(texts: Sequence[str]) -> dict[str, float]:
    """params=5M, size=20MB, latency=5ms as params, size_bytes and latency_ms; raises SpecError with every problem."""
    found, problems = {}, []
    for text in texts:
        name, _, value = text.partition("=")
        key, units = LIMITS.get(name.strip(), ("", {}))
        number = re.fullmatch(r"\s*([0-9.]+(?:e[0-9]+)?)\s*([a-zA-Z]*)\s*", value)
        unit = units.get(number[2].lower()) if number else None
        try:
            amount = float(number[1]) * unit if number and unit else 0.0
        except ValueError:
            amount = 0.0
        if key and amount > 0:
            found[key] = amount
        else:
            problems.append(f"--limit {text}: write params=5M, size=20MB or latency=5ms.")
    if problems:
        raise SpecError(problems)
    return found


def parse_seconds(text: str) -> float | None:
    """Seconds of 90s, 20m, 1h30m; None for nothing; raises SpecError."""
    if not text:
        return None
    import pandas as pd

    try:
        seconds = float(pd.Timedelta(text).total_seconds())
    except ValueError:
        seconds = -1.0
    if not seconds > 0 or text.strip().isdigit():
        raise SpecError(f"--budget {text}: not a duration; write 90s, 20m or 1h30m.")
    return seconds


def _check_place(out: Path, what: str = "the recipe") -> None:
    """Refuse now what could not be written after hours of work."""
    if out.is_dir() or not out.absolute().parent.is_dir() or not os.access(out.absolute().parent, os.W_OK):
        raise SpecError(f"--out {out}: {what} cannot be written there; give a file in a folder that exists and that you own.")


def _check_storage(storage: str) -> None:
    """The same for the database; one that is not there yet is not created."""
    path = Path(storage.removeprefix("sqlite:///")).expanduser()
    if "://" in str(path) or path.exists():
        from autodistill.store import Store

        Store(storage).close()
        return
    folder = next(p for p in path.absolute().parents if p.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise StorageError(f"--storage {storage}: {folder} is not a folder that you may write. Name a file in one that is.")


def _quiet() -> None:
    """Our own lines are enough: no bars, advice or deprecation notes of libraries."""
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # idle threads that spin starve everything else on a shared machine
    warnings.filterwarnings("ignore")
    from transformers import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
