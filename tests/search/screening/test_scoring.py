"""The ranking of a space's students as a person gets it."""

from pathlib import Path

import pytest

from autodistill.registry import families
from autodistill.search.screening.candidates import Candidate
from autodistill.search.screening.scoring import Scored, by_proxy, likelihood
from autodistill.study.pipeline import Part
from tests.commands import files_in, question, run_cli
from tests.contracts.test_proxies import network, rows

SPACE = """
[student.cut]
keep = [0.5, 1.0]
vocabulary = ["full"]
embeddings = ["frozen"]
[student.scratch]
layers = [1, 2]
width = [64, 128]
heads = [2]
feed_forward = [2]
vocabulary = ["full"]
[hard.ce]
[logit.kl]
[feature.none]
[mapping.skip]
[optimizer.adamw]
"""


@pytest.mark.slow
def test_students_of_different_shapes_are_ranked_beside_their_parameters(
    folder: Path, reviews: Path, teacher: Path
) -> None:
    (folder / "small.toml").write_text(SPACE, encoding="utf-8")

    ran = run_cli(*question("score", reviews, teacher), "--students", "6", "--top", "3")

    assert ran.code == 0, ran.err
    assert "6 students, best mean rank first" in ran.out
    assert ran.out.count("cut(") + ran.out.count("scratch(") == 3
    assert "semantic" not in ran.out  # two classes
    assert "ranks better than the number of parameters does" in ran.out
    assert not [f for f in files_in(folder) if f.endswith(".db")]


def test_unknown_proxies_are_told_and_one_that_says_nothing_is_left_out(
    folder: Path, reviews: Path, teacher: Path
) -> None:
    refused = run_cli(
        "score", "--dataset", reviews, "--teacher", teacher, "--proxies", "nwott,depth"
    )

    assert refused.code == 2
    assert "Did you mean 'nwot'?" in refused.err


def test_a_network_is_asked_once_about_a_batch() -> None:
    teacher, shown, asked = network(3, seed=5), rows(), []
    teacher.register_forward_hook(lambda *_: asked.append(1))

    for name in ("relation", "semantic", "channels", "token_cam"):
        families.build("proxies", name, {}).score(network(), teacher, shown)

    assert len(asked) == 1


def test_ranks_put_a_student_without_a_score_last_and_share_ties() -> None:
    small = Candidate(Part("cut"), {}, 0.0)
    made = [
        Scored(small, {"depth": (v, 0.0), "params": (1.0, 0.0)})
        for v in (2.0, float("nan"), 3.0, 2.0)
    ]

    assert by_proxy(made)["depth"].tolist() == [2.5, 1.0, 4.0, 2.5]
    assert likelihood(made).tolist() == [
        2.5,
        1.0,
        4.0,
        2.5,
    ]  # the number of parameters is what is to be beaten
