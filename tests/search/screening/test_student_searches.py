"""Students before recipes, on the command line: searched, refused, deployed."""

import subprocess
import sys
from pathlib import Path

import pytest

from autodistill.search.screening import entries
from autodistill.storage import Store
from autodistill.study.pipeline import Part
from tests.commands import question, run_cli
from tests.search.screening.students import SPACE


@pytest.mark.slow
def test_each_student_is_trained_briefly_and_told_beside_its_size(
    folder: Path, reviews: Path, teacher: Path
) -> None:
    (folder / "small.toml").write_text(SPACE, encoding="utf-8")
    asked = (
        *question("search", reviews, teacher),
        "--students",
        "each",
        "--study",
        "s",
        "--workers",
        "2",
    )

    ran = run_cli(*asked, "--trials", "4")
    again = run_cli(*asked, "--trials", "4")

    assert ran.code == 0, ran.err
    assert "students after short trainings, best first" in ran.out
    assert not (folder / "recipe.toml").exists()
    known = Store("autodistill.db").record("s")
    assert len(known.outcomes) == 4
    assert len(Store("autodistill.db").record("s").outcomes) == 4, again.err
    assert {"relation", "ridge", "first_steps"} <= set(entries.entries_of(known)[0].scores)


@pytest.mark.slow
def test_a_search_goes_on_with_the_students_that_are_left_and_keeps_them(
    folder: Path, reviews: Path, teacher: Path
) -> None:
    (folder / "small.toml").write_text(SPACE, encoding="utf-8")
    asked = (
        *question("search", reviews, teacher),
        "--students",
        "auto",
        "--study",
        "s",
        "--workers",
        "2",
    )

    ran = run_cli(*asked, "--trials", "12")
    more = run_cli(*asked, "--trials", "14")

    assert ran.code == 0, ran.err
    assert more.code == 0, more.err
    short, found = (Store("autodistill.db").record(n) for n in ("s-students", "s"))
    chosen = {str(Part.from_dict(p)) for p in short.facts.survivors or ()}
    assert len(short.finished) == 4
    assert len(found.finished) == 10
    assert {str(o.pipeline.student) for o in found.outcomes} <= chosen
    assert (folder / "recipe.toml").is_file()


def test_no_student_within_the_limits_is_said_before_anything_is_trained(
    folder: Path, reviews: Path, teacher: Path
) -> None:
    (folder / "small.toml").write_text(SPACE, encoding="utf-8")

    ran = run_cli(*question("score", reviews, teacher), "--limit", "params=10")

    assert ran.code == 2
    assert "no student of the space 'small' is within --limit params" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--students", "all"), "use auto or each, or leave it out"),
        (("--students", "each", "--front"), "leave out --front"),
    ],
)
def test_questions_that_contradict_themselves_are_refused(
    folder: Path, reviews: Path, words: tuple[str, ...], said: str
) -> None:
    ran = run_cli("search", "--dataset", reviews, *words)

    assert ran.code == 2
    assert said in ran.err


@pytest.mark.slow
def test_a_student_that_transformers_does_not_have_is_deployed_with_its_code(
    folder: Path, reviews: Path, teacher: Path
) -> None:
    text = SPACE[: SPACE.index("[student.cut]")] + SPACE[SPACE.index("[student.bag]") :].replace(
        'student = "cut"', 'student = "bag"'
    )
    (folder / "bag.toml").write_text(text, encoding="utf-8")
    found = run_cli(
        *question("search", reviews, teacher, "bag.toml"), "--trials", "4", "--workers", "2"
    )

    ran = run_cli("run", "recipe.toml", "--out", "student")

    assert (found.code, ran.code) == (0, 0), found.err + ran.err
    assert "words.py in the folder is its code" in ran.out
    code = (
        ran.out[ran.out.index('python -c "') :]
        .split('"')[1]
        .replace("your text", "a lovely bright day")
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=folder, check=True
    )
    assert "'label': 'pos'" in done.stdout
