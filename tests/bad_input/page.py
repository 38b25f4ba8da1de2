"""The page docs/bad-input.md: every case with the message that it gets."""

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from autodistill.study.recipe import Recipe
from autodistill.study.study import Study
from tests.bad_input import images, names, places, soft_labels, tables, teachers, texts, unlabelled
from tests.bad_input.case import Case, run_case
from tests.fakes import sentences, tiny_teacher, write_csv
from tests.paths import ROOT, TESTS
from tests.records import pipeline

PAGE = ROOT / "docs" / "bad-input.md"
SECTIONS: dict[str, tuple[Case, ...]] = {
    "Names and values": names.CASES,
    "Tables": tables.CASES,
    "Images": images.CASES,
    "Unlabelled rows": unlabelled.CASES,
    "Teachers": teachers.CASES,
    "A teacher's probabilities": soft_labels.CASES,
    "Spaces, recipes, plans, dashboards": texts.CASES,
    "Places, databases, published studies": places.CASES,
}
CASES = tuple(case for cases in SECTIONS.values() for case in cases)
HEAD = """\
# Bad input, and what it is answered with

{count} inputs that cannot be right, each with the message that `autodistill` gives. It ends with
exit code 2, no traceback, and nothing half-written. Each starts in a folder with a good
`reviews.csv`, `teacher`, `space.toml`, `recipe.toml` and published study, and changes what is
named. This page is made from the tests: `python -m tests.bad_input`.
"""
SPACE = Path(__file__).parents[2] / "search_spaces" / "quick.toml"


def good_files(folder: Path) -> Path:
    """Files that work: data, teacher, space, recipe and a published study."""
    write_csv(folder / "reviews.csv", sentences(400))
    tiny_teacher(folder / "teacher")
    shutil.copy(SPACE, folder / "space.toml")
    Recipe(Study("reviews.csv", "teacher"), pipeline(), epochs=1).save(folder / "recipe.toml")
    shutil.copytree(TESTS / "data" / "a48274c" / "published" / "films", folder / "published")
    return folder


def plain(message: str, folder: Path) -> str:
    """A message without what differs from machine to machine."""
    for place, name in ((str(folder) + os.sep, ""), (str(folder), "."), (str(ROOT), "ROOT")):
        message = message.replace(place, name)
    for text, name in ((r"\d[\d,]* MB free", "N MB free"), (r"\(\d+ here\)", "(N here)")):
        message = re.sub(text, name, message)
    return re.sub(r"Transformers \d[\d.]*", "Transformers N", message)


def page(messages: Mapping[Case, str]) -> str:
    """The page in Markdown."""
    parts = [HEAD.format(count=len(messages))]
    for title, cases in SECTIONS.items():
        parts.append(f"## {title}\n\n| input | command | message |\n|---|---|---|")
        parts.extend(row(case, messages[case]) for case in cases if case in messages)
        parts.append("")
    return "\n".join(parts)


def row(case: Case, message: str) -> str:
    """The line of the table for one case."""
    return f"| {case.what} | `{case.command}` | {_cell(message)} |"


def _cell(message: str) -> str:
    escaped = message.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return "<br>".join(line.strip() for line in escaped.splitlines())


def write_page() -> list[str]:
    """Run every case, write the page, and give the cases that were not refused as they should be.

    A case that was not refused is left out of the page.
    """
    messages, wrong = dict[Case, str](), list[str]()
    with tempfile.TemporaryDirectory() as place:
        good = good_files(_made(Path(place) / "good"))
        for number, case in enumerate(CASES):
            folder = _made(Path(place) / f"case-{number}")
            try:
                outcome = run_case(case, good, folder)
            except Exception as error:
                wrong.append(f"{case.what}: {type(error).__name__}: {error}")
                continue
            if outcome.ran.code != 2 or outcome.left:
                wrong.append(f"{case.what}: {outcome}")
                continue
            messages[case] = plain(outcome.message, folder)
        os.chdir(ROOT)
    PAGE.write_text(page(messages), encoding="utf-8")
    return wrong


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
