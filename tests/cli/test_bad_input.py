"""Mistakes that a person may make in the words and the space of a search.

The message names the value, the place and the remedy, and nothing is left behind.
"""

import shutil
from pathlib import Path

import pytest

from tests.commands import files_in, refused, run_process, says

GOOD_SPACE = """
[student.cut]
[hard.ce]
[logit.kl]
[feature.none]
[mapping.skip]
[optimizer.adamw]
"""
pytestmark = pytest.mark.usefixtures("folder")


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (
            ["--dataset", "gleu/sst2"],
            ["'gleu/sst2'", "Did you mean 'glue/sst2'?", "AUTODISTILL_DATA"],
        ),
        (["--dataset", "reviws.csv"], ["reviws.csv", "Did you mean 'reviews.csv'?"]),
        (["--dataset", "?!"], ["unknown dataset '?!'", "bbc-news", "CSV"]),
        (
            ["--dataset", "reviews.csv", "--teacher", "no/such-model"],
            ["'no/such-model'", "nothing is cached", "--teacher embedded"],
        ),
        (
            ["--dataset", "reviews.csv", "--teacher", "a b c"],
            ["unknown teacher 'a b c'", "owner/name", "embedded"],
        ),
        (["--dataset", "reviews.csv", "--teacher", "soft.csv"], ["soft.csv", "does not exist"]),
        (
            ["--dataset", "reviews.csv", "--space", "quik"],
            ["unknown space 'quik'", "Did you mean 'quick'?", ".toml"],
        ),
        (["--dataset", "reviews.csv", "--space", "mine.toml"], ["mine.toml", "does not exist"]),
        (
            ["--dataset", "reviews.csv", "--metric", "acuracy"],
            ["unknown metric 'acuracy'", "Did you mean 'accuracy'?"],
        ),
        (["--dataset", "reviews.csv", "--column", "foo"], ["--column foo", "text=NAME"]),
        (["--dataset", "reviews.csv", "--column", "colour=x"], ["--column colour", "text=NAME"]),
        (
            ["--dataset", "reviews.csv", "--column", "text=txt"],
            ["unknown column 'txt'", "reviews.csv", "Did you mean 'text'?"],
        ),
        (["--dataset", "reviews.csv", "--budget", "banana"], ["--budget banana", "20m"]),
        (["--dataset", "reviews.csv", "--budget", "20"], ["--budget 20", "20m"]),
        (["--dataset", "reviews.csv", "--budget=-5m"], ["--budget -5m", "20m"]),
        (["--dataset", "reviews.csv", "--budget", "0s"], ["--budget 0s", "20m"]),
        (["--dataset", "reviews.csv", "--budget", "999999999h"], ["--budget 999999999h", "20m"]),
        (["--dataset", "reviews.csv", "--budget", "nan"], ["--budget nan", "20m"]),
    ],
    ids=lambda x: " ".join(x[-2:]) if isinstance(x, list) else "",
)
def test_a_name_that_does_not_exist_is_answered_with_what_does(
    words: list[str], parts: list[str], reviews: Path, folder: Path
) -> None:
    shutil.copy(reviews, folder / "reviews.csv")

    says(refused(*words), *parts)


def test_every_problem_of_a_space_file_is_named_at_once(reviews: Path, folder: Path) -> None:
    text = (
        GOOD_SPACE.replace("[logit.kl]", "[logit.klx]\n[logit.kl]\ntemperature = [0.5, 99]")
        + "lr = 'fast'\n[wieght]\nlogit = 1\n"
    )
    (folder / "mine.toml").write_text(text, encoding="utf-8")

    message = refused("--dataset", reviews, "--space", "mine.toml")

    says(
        message,
        "unknown choice for logit 'klx'",
        "Did you mean 'kl'?",
        "logit.kl.temperature: 0.5 is outside 1 to 16",
    )
    says(message, "optimizer.adamw.lr: 'fast'", "unknown slot 'wieght'")
    assert all(line.startswith("mine.toml: ") for line in message.strip().splitlines())


def test_a_space_that_is_no_toml_is_named_with_the_line(reviews: Path, folder: Path) -> None:
    (folder / "mine.toml").write_text("[student.cut\n", encoding="utf-8")

    says(
        refused("--dataset", reviews, "--space", "mine.toml"),
        "mine.toml is not valid TOML",
        "line 1",
    )


def test_without_network_and_cache_it_answers_at_all_and_says_what_was_tried(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HOME", str(folder.parent / "hub"))

    ran = run_process(folder, "search", "--dataset", "glue/sst2")

    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr
    says(
        ran.stderr,
        "dataset 'glue/sst2' cannot be found",
        "not in the cache of the hub",
        "Give a CSV",
    )
    assert files_in(folder) == set()
