"""Students before recipes: who is trained, which proxies are believed, who goes on."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autodistill.search.screening import entries, selection
from autodistill.search.screening.entries import Entry
from autodistill.storage import Store
from autodistill.storage.files import publish, read
from autodistill.study.facts import StudyFacts
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.study.results import StudyResult, Trial
from autodistill.study.study import Study
from tests.commands import run_cli
from tests.spaces import small

SPACE = """
[student.cut]
keep = [0.5, 1.0]
vocabulary = ["full"]
embeddings = ["frozen"]
dropout = [0.0]
[student.scratch]
layers = [1, 2]
width = [64, 128]
heads = [2]
feed_forward = [2]
vocabulary = ["full"]
dropout = [0.0]
[student.bag]
width = [32, 64]
layers = [1, 1]
rank = [32]
vocabulary = ["full"]
dropout = [0.1]
[hard.ce]
[logit.kl]
[feature.none]
[mapping.skip]
[optimizer.adamw]
lr = [1e-4, 1e-3]
batch = [16]
[default]
student = "cut"
"optimizer.adamw.lr" = 3e-4
"""
SIZES = np.geomspace(1e6, 1e7, 16)
QUALITY = np.random.default_rng(3).normal(size=16)


def entry(place: int) -> Entry:
    """One of sixteen students; `sees` knows what size does not, `guess` nothing."""
    scores = {
        "params": SIZES[place],
        "sees": float(np.log(SIZES[place]) + 2 * QUALITY[place]),
        "guess": float(place * 7 % 16),
    }
    return Entry(
        Part("cut", {"keep": place}),
        {"params": SIZES[place], "latency_ms": place + 1.0},
        {n: (v, 0.1) for n, v in scores.items()},
    )


def run(place: int, seed: int, score: float) -> Trial:
    """A short training of it."""
    pipeline = Pipeline(entry(place).student, (Term(Part("ce"), 1.0),), Part("adamw"))
    return Trial(10 * place + seed, pipeline, seed, "complete", score=score)


def record(trained: Sequence[int], seeds: int = 1, **facts: Any) -> StudyResult:
    """The study after short trainings of these students."""
    runs = [
        run(p, s, float(0.7 + 0.01 * np.log(SIZES[p]) + 0.02 * QUALITY[p] + 0.0001 * s))
        for p in trained
        for s in range(seeds)
    ]
    known = StudyFacts(students=[entry(p).to_dict() for p in range(16)], **facts)
    return StudyResult(
        Study("reviews.csv", students="each", metric="accuracy"), tuple(runs), 1.0, known
    )


def test_some_are_trained_before_the_audit_in_the_order_of_all_proxies(tmp_path: Path) -> None:
    first = selection.listed(record([]), small(tmp_path, SPACE))

    assert len(first) == selection.ENOUGH + selection.MARGIN
    assert len({p.key for p in first}) == len(first)
    assert selection.audit(record(range(selection.ENOUGH - 1))) == {}


def test_a_proxy_that_size_explains_is_switched_off_and_one_that_sees_more_orders_the_rest(
    tmp_path: Path,
) -> None:
    found = selection.audit(record(range(12)))
    off = selection.switched_off(found)

    known = record(range(12), switched_off=off)

    assert set(off) == {"guess"}
    assert "parameters" in off["guess"]
    assert selection.believed(known) == ["sees"]
    assert (
        "sees say more than the number of parameters; 1 switched off" in selection.lines(known)[0]
    )
    rest = [p.student.knobs["keep"] for p in selection.listed(known, small(tmp_path, SPACE))[12:16]]
    assert rest == sorted(range(12, 16), key=lambda p: -entry(p).scores["sees"][0])


def test_where_no_proxy_is_believed_the_larger_student_comes_first(tmp_path: Path) -> None:
    known = record(range(12), switched_off={"sees": "", "guess": ""})

    assert selection.believed(known) == ["params"]
    assert [
        p.student.knobs["keep"] for p in selection.listed(known, small(tmp_path, SPACE))[12:16]
    ] == [15, 14, 13, 12]


def test_every_student_is_trained_twice_before_the_list_ends(tmp_path: Path) -> None:
    listed = selection.listed(record(range(12), switched_off={}), small(tmp_path, SPACE))

    assert sorted(p.student.knobs["keep"] for p in listed) == sorted([*range(16), *range(16)])


def test_the_best_go_on_and_the_fastest_that_noise_does_not_tell_from_them() -> None:
    runs = [run(p, s, 0.9 - 0.004 * p + (0.02 if s else 0.0)) for p in range(6) for s in range(2)]
    noisy = replace(
        record([]),
        outcomes=tuple(runs),
        facts=StudyFacts(students=[replace_latency(entry(p), 10.0 - p) for p in range(6)]),
    )

    # two seeds 0.02 apart: means are known to 0.01, all six are within twice that of the best,
    # the sixth is the fastest
    assert [p.knobs["keep"] for p in selection.survivors(noisy)] == [0, 1, 2, 5]


def replace_latency(known: Entry, latency: float) -> dict[str, Any]:
    """The entry, as fast as this."""
    return replace(known, cost={**known.cost, "latency_ms": latency}).to_dict()


def test_the_rate_of_a_short_training_is_the_defaults_times_what_suits_the_student(
    tmp_path: Path,
) -> None:
    space = small(tmp_path, SPACE)

    rates = [
        selection.short_recipe(space, Part(name)).optimizer.knobs["lr"]
        for name in ("cut", "scratch", "bag")
    ]

    assert rates == pytest.approx([3e-4, 9e-4, 3e-3])


def test_a_published_study_of_students_keeps_their_scores(tmp_path: Path) -> None:
    known = record(range(12), seeds=2, switched_off={"guess": "why"})

    publish(known, "students", tmp_path / "students")
    again = read(tmp_path / "students")

    assert entries.entries_of(again) == entries.entries_of(known)
    assert again.facts.switched_off == {"guess": "why"}
    assert selection.audit(again) == selection.audit(known)


def test_each_student_is_trained_briefly_and_told_beside_its_size(
    folder: Path, reviews: Path, teacher: Path
) -> None:
    (folder / "small.toml").write_text(SPACE, encoding="utf-8")
    asked = (
        "search",
        "--dataset",
        reviews,
        "--teacher",
        teacher,
        "--space",
        "small.toml",
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


def test_a_search_goes_on_with_the_students_that_are_left_and_keeps_them(
    folder: Path, reviews: Path, teacher: Path
) -> None:
    (folder / "small.toml").write_text(SPACE, encoding="utf-8")
    asked = (
        "search",
        "--dataset",
        reviews,
        "--teacher",
        teacher,
        "--space",
        "small.toml",
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

    ran = run_cli(
        "score",
        "--dataset",
        reviews,
        "--teacher",
        teacher,
        "--space",
        "small.toml",
        "--limit",
        "params=10",
    )

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


def test_a_student_that_transformers_does_not_have_is_deployed_with_its_code(
    folder: Path, reviews: Path, teacher: Path
) -> None:
    text = SPACE[: SPACE.index("[student.cut]")] + SPACE[SPACE.index("[student.bag]") :].replace(
        'student = "cut"', 'student = "bag"'
    )
    (folder / "bag.toml").write_text(text, encoding="utf-8")
    found = run_cli(
        "search",
        "--dataset",
        reviews,
        "--teacher",
        teacher,
        "--space",
        "bag.toml",
        "--trials",
        "4",
        "--workers",
        "2",
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
