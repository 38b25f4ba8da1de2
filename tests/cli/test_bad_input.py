"""Mistakes that a person may make in a search.

The message names the value, the place and the remedy, and nothing is left behind.
"""

import json
import shutil
from pathlib import Path

import pytest

from autodistill.prepare.materials import prepare
from autodistill.prepare.workspace import open_workspace
from autodistill.runtime.progress import Screen
from autodistill.study.study import Study
from tests.commands import files_in, refused, run_process, says
from tests.fakes import sentences, write_csv

GOOD_SPACE = """
[student.cut]
[hard.ce]
[logit.kl]
[feature.none]
[mapping.skip]
[optimizer.adamw]
"""


pytestmark = pytest.mark.usefixtures("folder")


# names


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


# data


def table(text: str | bytes) -> Path:
    """A file of the working folder."""
    path = Path.cwd() / "data.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


LINES = "".join(f"text {i},{'ab'[i % 2]}\n" for i in range(40))


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ("", ["data.csv is empty"]),
        ("text,label\n", ["data.csv has columns (text, label) but no rows"]),
        (
            "text,note\n" + LINES,
            ["no label column", "data.csv", "text, note", "label=COLUMN"],
        ),
        (
            "text,label\n" + LINES.replace(",b", ",a"),
            ["column 'label'", "data.csv", "only one class ('a')"],
        ),
        (
            "text,label\n" + LINES.replace("text 1,", " ,"),
            ["data.csv: empty text at row 3", "remove this row"],
        ),
        (
            b"text,label\ncaf\xe9,a\n" + LINES.encode(),
            ["data.csv is not UTF-8", "0xe9", "line 2", "WINDOWS-1252 if 'café' is right"],
        ),
        ("text,label\nx,a\ny,b\nz,a\n", ["data.csv has 3 rows, too few", "at least 20"]),
        (
            "text,label\n" + LINES + "only one field\n",
            ["data.csv, line 42", "1 fields but 2 in the header"],
        ),
        (
            "text,label\n" + "".join(f"text {i},{i}\n" for i in range(40)),
            ["column 'label'", "40 different values in 40 rows"],
        ),
    ],
    ids=[
        "empty",
        "no rows",
        "no labels",
        "one class",
        "empty text",
        "latin-1",
        "3 rows",
        "short line",
        "an id",
    ],
)
def test_a_table_that_cannot_teach_is_refused_with_the_place(
    content: str | bytes, parts: list[str]
) -> None:
    says(refused("--dataset", table(content)), *parts)


def test_a_folder_without_a_train_split_is_answered_with_what_it_holds(folder: Path) -> None:
    (folder / "data").mkdir()
    for name in ("learn", "exam"):
        write_csv(folder / "data" / f"{name}.csv", sentences(40))

    says(
        refused("--dataset", "data"),
        "data has no train split",
        "exam, learn",
        "Name its files train, validation and test",
    )


def test_a_metric_for_two_classes_is_refused_for_three() -> None:
    path = table("text,label\n" + "".join(f"text {i},{'abc'[i % 3]}\n" for i in range(60)))

    says(
        refused("--dataset", path, "--metric", "f1"),
        "metric 'f1' is for 2 classes",
        "has 3",
        "macro_f1",
    )


# teachers


@pytest.fixture
def renamed(folder: Path) -> Path:
    """The sentences with labels that the teacher has never heard of."""
    return write_csv(
        folder / "renamed.csv",
        [(text, {"neg": "bad", "pos": "good"}[label]) for text, label in sentences(200)],
    )


def test_labels_that_do_not_match_are_shown_from_both_sides_and_the_option_helps(
    renamed: Path, teacher: Path
) -> None:
    message = refused("--dataset", renamed, "--teacher", teacher)

    says(message, "(neg, pos) are not the task's (bad, good)", "--teacher-labels bad,good")
    assert (
        prepare(
            open_workspace(
                Study(str(renamed), str(teacher), labels=("bad", "good")), Screen(), None
            ),
            Screen(),
        ).teacher_score
        > 0.9
    )


def test_a_wrong_number_of_teacher_labels_is_refused(renamed: Path, teacher: Path) -> None:
    message = refused(
        "--dataset", renamed, "--teacher", teacher, "--teacher-labels", "bad,good,ugly"
    )

    says(message, "bad, good, ugly", "bad, good)")


def test_flipped_labels_are_caught_and_the_proposed_order_is_right(
    reviews: Path, teacher: Path, folder: Path
) -> None:
    flipped = Path(shutil.copytree(teacher, folder / "flipped"))
    config = json.loads((flipped / "config.json").read_text())
    (flipped / "config.json").write_text(
        json.dumps(
            {**config, "id2label": {"0": "pos", "1": "neg"}, "label2id": {"pos": 0, "neg": 1}}
        )
    )

    message = refused("--dataset", reviews, "--teacher", flipped)

    says(message, "flipped", "in another order", "seem to be mixed up", "--teacher-labels neg,pos")
    assert (
        prepare(
            open_workspace(
                Study(str(reviews), str(flipped), labels=("neg", "pos")), Screen(), None
            ),
            Screen(),
        ).teacher_score
        > 0.9
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("config.json", "no config.json"),
        ("model.safetensors", "holds no weights"),
        ("tokenizer.json", "no tokenizer"),
    ],
)
def test_a_teacher_folder_that_is_not_complete_is_named_with_what_it_lacks(
    name: str, said: str, reviews: Path, teacher: Path, folder: Path
) -> None:
    partial = Path(shutil.copytree(teacher, folder / "partial"))
    (partial / name).unlink()

    says(refused("--dataset", reviews, "--teacher", partial), "partial", said)


# no network


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
