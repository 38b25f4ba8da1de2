"""Teachers that cannot be used, as a person meets them: one message, nothing written."""

import json
import shutil
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from tests.commands import refused, run_cli, says
from tests.fakes import sentences, tiny_teacher, write_csv

NAMES = {"pos": "Good, bright", "neg": "Bad, dull"}


@pytest.fixture
def mine(teacher: Path, folder: Path) -> Path:
    """A copy of the tiny teacher that a test may break."""
    return Path(shutil.copytree(teacher, folder / "mine"))


def test_weights_with_other_names_are_never_drawn_at_random(reviews: Path, mine: Path) -> None:
    weights = load_file(mine / "model.safetensors")
    save_file({f"module.{k}": v for k, v in weights.items()}, mine / "model.safetensors")

    message = refused("--dataset", reviews, "--teacher", mine)

    says(message, "names begin with 'module.'", "save_pretrained")


def test_texts_are_cut_at_what_the_teacher_takes_and_that_is_said(mine: Path, folder: Path) -> None:
    long = [(" ".join([text] * 12), label) for text, label in sentences(200)]

    ran = run_cli(
        *("plan", "--dataset", write_csv(folder / "long.csv", long), "--teacher", mine),
        *("--trials", 1),
    )

    assert ran.code == 0, ran.err
    said = "the teacher takes 64 tokens at most, fewer than --max-length 128: longer texts are cut"
    assert said in ran.out + ran.err


def test_names_with_commas_can_be_copied_from_the_message(mine: Path, folder: Path) -> None:
    rows = [(text, NAMES[label]) for text, label in sentences(400)]
    data = write_csv(folder / "commas.csv", rows)
    command = ("--dataset", data, "--teacher", mine)

    message = refused(*command)

    says(message, "no match for neg, pos", """    --teacher-labels '"Bad, dull","Good, bright"'""")
    message = refused(*command, "--teacher-labels", '"Good, bright","Bad, dull"')
    says(message, "in another order", """    --teacher-labels '"Bad, dull","Good, bright"'""")


def test_one_output_is_read_as_two_and_that_is_said(reviews: Path, folder: Path) -> None:
    one = tiny_teacher(folder / "one", labels=("pos",), steps=0)

    ran = run_cli("plan", "--dataset", reviews, "--teacher", one, "--trials", 1)

    assert ran.code == 0, ran.err
    assert "its sigmoid is read as the probability of 'pos'" in ran.out + ran.err


def test_names_for_the_outputs_of_a_teacher_that_has_its_own_are_refused(folder: Path) -> None:
    rows = [(text, label) for text, label in sentences(40)]
    soft = folder / "soft.csv"
    soft.write_text("row,neg,pos\n" + "".join(f"{n},0.5,0.5\n" for n in range(40)))

    message = refused(
        *("--dataset", write_csv(folder / "data.csv", rows), "--teacher", soft),
        *("--teacher-labels", "pos,neg"),
    )

    says(message, "--teacher-labels names the outputs of a classifier", "write the right ones")


def test_quotes_that_do_not_match_are_refused_with_an_example(folder: Path, reviews: Path) -> None:
    message = refused("--dataset", reviews, "--teacher-labels", '"Food, drinks')

    says(message, '"Food, drinks:', """'"Food, drinks",Garden'""")


def test_a_config_with_names_the_wrong_way_round_is_told_what_to_write(
    reviews: Path, mine: Path
) -> None:
    config = json.loads((mine / "config.json").read_text())
    (mine / "config.json").write_text(json.dumps(config | {"id2label": {"neg": 0, "pos": 1}}))

    message = refused("--dataset", reviews, "--teacher", mine)

    says(message, "the wrong way round", '"id2label": {"0": "neg", "1": "pos"}')
