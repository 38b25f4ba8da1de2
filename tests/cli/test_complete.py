"""The answers to a shell when a person presses the tab key."""

import subprocess
from pathlib import Path

import pytest

from autodistill.cli.kinds import KINDS
from autodistill.registry import families
from autodistill.study import spaces
from tests.cli.test_import_time import SLOW
from tests.commands import run_process
from tests.records import write_study


def press_tab(
    folder: Path, line: str, python: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """Ask for completions of the last word, as bash does."""
    words = line.split(" ")
    asked = {"_AUTODISTILL_COMPLETE": "complete_bash", "COMP_WORDS": line}
    return run_process(folder, python=python, env={**asked, "COMP_CWORD": str(len(words) - 1)})


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("autodistill se", ["search", "serve"]),
        (
            "autodistill search --space qui",
            [x for x in spaces.names("search_spaces") if x[:3] == "qui"],
        ),
        ("autodistill search --students ", ["auto", "each"]),
        ("autodistill plan --dataset glue/ss", ["glue/sst2"]),
        ("autodistill score --by ze", ["zen"]),
        ("autodistill search --metric f", [x for x in families.names("metrics") if x[0] == "f"]),
        ("autodistill ls ", list(KINDS)),
        ("autodistill show losses k", [x for x in families.names("losses") if x[0] == "k"]),
        ("autodistill show datasets hu", ["hub"]),
        ("autodistill show spaces quick-", ["quick-image"]),
        ("autodistill show nonsense k", []),
        ("autodistill recommend --study ", []),
    ],
)
def test_names_are_completed(line: str, found: list[str], tmp_path: Path) -> None:
    ran = press_tab(tmp_path, line)

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == found


@pytest.mark.parametrize(
    "line",
    [
        "autodistill recommend --study ti",
        "autodistill show studies ti",
        "autodistill studies publish ti",
        "autodistill report other ti",
    ],
)
def test_studies_of_the_database_are_completed(line: str, tmp_path: Path) -> None:
    write_study(tmp_path / "autodistill.db")

    assert press_tab(tmp_path, line).stdout.split() == ["tiny"]


def test_studies_of_a_database_that_is_named_are_completed(tmp_path: Path) -> None:
    write_study(tmp_path / "x.db")

    ran = press_tab(tmp_path, "autodistill recommend --storage x.db --study ti")

    assert ran.stdout.split() == ["tiny"]


def test_a_file_that_is_no_database_completes_to_nothing(tmp_path: Path) -> None:
    (tmp_path / "autodistill.db").write_text("a letter")

    ran = press_tab(tmp_path, "autodistill recommend --study ti")

    assert (ran.returncode, ran.stdout.strip(), ran.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("shell", "words"),
    [
        ("bash", "complete -o default -F _autodistill_completion autodistill"),
        ("zsh", "#compdef autodistill"),
        ("fish", "complete --command autodistill"),
    ],
)
def test_a_shell_gets_its_script(shell: str, words: str, tmp_path: Path) -> None:
    ran = run_process(tmp_path, env={"_AUTODISTILL_COMPLETE": f"source_{shell}"})

    assert ran.returncode == 0, ran.stderr
    assert words in ran.stdout


def test_completion_imports_nothing_slow(tmp_path: Path) -> None:
    write_study(tmp_path / "autodistill.db")

    ran = press_tab(tmp_path, "autodistill recommend --study ti", python=("-X", "importtime"))

    imported = {line.rpartition("|")[2].strip().split(".")[0] for line in ran.stderr.splitlines()}
    assert ran.stdout.split() == ["tiny"]
    assert imported & SLOW == set()


@pytest.mark.parametrize(
    ("shell", "file"),
    [
        ("bash", ".bash_completions/autodistill.sh"),
        ("zsh", ".zfunc/_autodistill"),
        ("fish", ".config/fish/completions/autodistill.fish"),
    ],
)
def test_completion_is_installed_for_the_shell_that_asks(
    shell: str, file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in = "import shellingham; shellingham.detect_shell = lambda: (SHELL, SHELL)"
    (tmp_path / "sitecustomize.py").write_text(stand_in.replace("SHELL", repr(shell)))
    (tmp_path / "home").mkdir()
    python = f"{tmp_path}:{Path(__file__).parents[2]}"

    ran = run_process(
        tmp_path, "--install-completion", env={"HOME": str(tmp_path / "home"), "PYTHONPATH": python}
    )

    assert ran.returncode == 0, ran.stderr
    assert "autodistill" in (tmp_path / "home" / file).read_text()


def test_an_explanation_is_one_line(tmp_path: Path) -> None:
    asked = {"_AUTODISTILL_COMPLETE": "complete_fish", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}

    for typed in ("autodistill ", "autodistill search --"):
        ran = run_process(tmp_path, env={**asked, "_TYPER_COMPLETE_ARGS": typed})

        assert ran.stdout.count("\t") == len(ran.stdout.splitlines()) > 10
