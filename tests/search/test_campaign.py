"""Studies of a plan: whole, published, gone on with; then what is learned from them."""

from collections import Counter
from pathlib import Path

import pytest

from autodistill.recommend.past import usable
from autodistill.storage import Store
from autodistill.storage.files import read
from tests.commands import run_cli

SPACE = """
[student.cut]
keep = [0.5, 1.0]
pick = ["uniform"]
vocabulary = ["covering"]
dropout = [0.0]
embeddings = ["frozen"]
[hard.ce]
[logit.none]
[logit.kl]
temperature = [1.0, 4.0]
[feature.none]
[mapping.skip]
[optimizer.adamw]
lr = 1e-3
batch = [32]
weight_decay = 0.01
warmup = 0.1
"""
PLAN = """
datasets = ["{data}"]
space = "small.toml"
teacher = "{teacher}"
run_rows = 64
seeds = 2
free = {free}
[[students]]
name = "half"
both = {{ student = "cut", "student.cut.keep" = 0.5 }}
[[recipes]]
name = "labels alone"
both = {{ logit = "none" }}
[[recipes]]
name = "answers"
both = {{ logit = "kl" }}
"""


def build(folder: Path, reviews: Path, teacher: Path, free: int) -> str:
    (folder / "small.toml").write_text(SPACE, encoding="utf-8")
    (folder / "plan.toml").write_text(
        PLAN.format(data=reviews, teacher=teacher, free=free), encoding="utf-8"
    )
    ran = run_cli("studies", "build", "plan.toml", "--workers", "2")
    assert ran.code == 0, ran.err
    return ran.err


@pytest.mark.slow
def test_a_study_of_a_plan_is_whole_published_and_gone_on_with(
    folder: Path, reviews: Path, teacher: Path
) -> None:
    build(folder, reviews, teacher, free=1)

    (place,) = (folder / "studies").iterdir()
    made = read(place)
    seeds: dict[str, list[int]] = {}
    for o in made.outcomes:
        if not o.baseline:
            seeds.setdefault(str(o.pipeline), []).append(o.seed)
    assert {o.status for o in made.outcomes} == {"complete"}
    assert len(made.outcomes) == 4 + 2 * (2 + 1)
    assert sum(sorted(s)[:2] == [0, 1] for s in seeds.values()) >= 3
    assert {o.baseline for o in made.outcomes} == {"", "alone", "vanilla", "random"}
    assert (made.facts.fingerprint or {})["log_classes"] == 1.0
    assert not usable(made)  # too few pipelines

    again = build(folder, reviews, teacher, free=3)

    more = read(place)
    assert len(more.outcomes) == 4 + 2 * (2 + 3)
    assert more.outcomes[:10] == made.outcomes
    assert "going on after 10 runs" in again
    assert len(Store("autodistill.db").studies()) == 1

    Path("autodistill.db").unlink()
    anew = build(folder, reviews, teacher, free=4)

    assert len(read(place).outcomes) == 4 + 2 * (2 + 4)
    assert read(place).outcomes[:14] == more.outcomes
    assert read(place).spent_seconds > more.spent_seconds
    assert "going on after 14 runs" in anew
    files = {f.name: f.read_bytes() for f in place.iterdir()}
    Path("autodistill.db").unlink()
    whole = build(folder, reviews, teacher, free=4)

    assert f"all {4 + 2 * (2 + 4)} runs are in {Path('studies') / place.name}" in whole
    assert "teacher  " not in whole
    assert files == {f.name: f.read_bytes() for f in place.iterdir()}
    assert (
        Counter(
            o.pipeline.key for o in read(place).outcomes if o.number and not o.baseline
        ).most_common(1)[0][1]
        == 2
    )


def test_a_dataset_that_cannot_be_used_is_told_at_the_end_and_the_others_are_made(
    folder: Path, reviews: Path, teacher: Path
) -> None:
    (folder / "small.toml").write_text(SPACE, encoding="utf-8")
    plan = PLAN.format(data=reviews, teacher=teacher, free=0).replace('["', '["missing.csv", "')
    (folder / "plan.toml").write_text(plan, encoding="utf-8")

    ran = run_cli("studies", "build", "plan.toml", "--workers", "2")

    assert ran.code == 2
    assert "1 of 2 studies are in studies; these failed:" in ran.err
    assert "missing.csv: " in ran.err
    assert len(list((folder / "studies").iterdir())) == 1
