"""The command line itself: verbs, exit codes, streams."""

import re
import tomllib
from pathlib import Path

import pytest

from autodistill.cli import listing
from autodistill.errors import Interrupted, SpecError
from autodistill.study.recipe import Recipe
from tests.commands import run_cli, run_process
from tests.records import outcome, pipeline, write_study

VERBS = ("search", "run", "recommend", "dashboard", "ls", "show", "doctor")


def test_help_names_every_verb() -> None:
    ran = run_cli("--help")

    assert ran.code == 0
    assert all(f"  {verb} " in ran.out for verb in VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(verb: str) -> None:
    ran = run_cli(verb, "--help")

    assert ran.code == 0
    assert "Options:" in ran.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["serach"], "serach"),
        (["search"], "--dataset"),
        (["search", "--dataset", "bbc-news", "--trials", "many"], "--trials"),
        (["search", "--dataset", "bbc-news", "--trials", "0"], "--trials"),
        (["search", "--dataset", "bbc-news", "--max-length", "4"], "--max-length"),
        (["search", "--dataset", "bbc-news", "--datset", "x"], "--datset"),
        (["dashboard", "--port", "99999"], "--port"),
    ],
)
def test_a_wrong_option_is_named_and_ends_with_2(words: list[str], said: str) -> None:
    ran = run_cli(*words)

    assert ran.code == 2
    assert said in ran.err
    assert ran.out == ""


def test_a_persons_mistake_is_one_message_on_standard_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise SpecError(["first.", "second."])

    monkeypatch.setattr(listing, "list_members", fail)

    assert run_cli("ls", "losses") == (2, "", "autodistill: first.\nsecond.\n")


def test_a_bug_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(listing, "list_members", fail)

    with pytest.raises(ZeroDivisionError):
        run_cli("ls", "losses")


def test_an_interruption_says_how_to_go_on_and_ends_with_130(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupt(*_: object) -> None:
        raise Interrupted

    monkeypatch.setattr(listing, "list_members", interrupt)

    ran = run_cli("ls", "losses")

    assert ran.code == 130
    assert "run the same command to go on" in ran.err


def test_the_database_may_be_named_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "AUTODISTILL_STORAGE", str(write_study(tmp_path / "x.db", name="from-the-environment"))
    )

    assert "from-the-environment" in run_cli("ls", "studies").out


def test_recommend_prints_the_leader_and_writes_its_recipe(tmp_path: Path) -> None:
    database = write_study(tmp_path / "x.db", outcome(0, 0.8), outcome(1, 0.9))

    ran = run_cli(
        "recommend", "--study", "tiny", "--storage", database, "--out", tmp_path / "r.toml"
    )

    assert ran.code == 0
    text = " ".join(ran.out.split())
    score = r"0\.9000 accuracy \(95% interval 0\.8\d+ to 0\.9\d+\) on 20 validation rows, one seed,"
    assert re.search(score, text)
    assert "Not known: no trial of the same student trained without a teacher" in text
    assert Recipe.load(tmp_path / "r.toml").pipeline == pipeline(2.0)
    assert tomllib.loads((tmp_path / "r.toml").read_text())["evidence"]["study"] == "tiny"


def test_a_process_ends_with_2_and_without_a_traceback(tmp_path: Path) -> None:
    ran = run_process(tmp_path, "ls", "nonsense")

    assert ran.returncode == 2
    assert ran.stdout == ""
    assert ran.stderr.startswith("autodistill: unknown kind 'nonsense'")
    assert "Traceback" not in ran.stderr
