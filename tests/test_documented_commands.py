"""The commands and the code of the documentation, run in a reader's order."""

import os
import re
import signal
import subprocess
import sys
import time
import tomllib
import urllib.request
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import typer

from autodistill.cli.app import app
from autodistill.prepare.soft_label_file import read_answers
from autodistill.storage.files import publish
from tests.commands import run_cli
from tests.examples import install_own_loss
from tests.fakes import image_folder, sentences, tiny_teacher, write_csv
from tests.paths import ROOT
from tests.recommend.studies import past
from tests.search.screening.students import SPACE
from tests.servers import start
from tests.students import tiny_student
from tests.test_docs import PAGES, blocks, read

VERBS = (
    "search|worker|plan|score|train|replay|audit|predict|evaluate|export|bench|serve|publish|report|"
    "recommend|studies|dashboard|ls|show|doctor"
)
ALONE = ("doctor", "dashboard")
"""Verbs that are commands without more words."""
SERVERS = ("dashboard", "serve")
"""Verbs that do not end by themselves."""
ELSEWHERE = ("worker",)
"""Verbs that need a server; tests/search/test_joined.py runs them."""
ALSO = {"doctor": 2, "replay": 1}
"""Exit codes by which a verb says what it found."""
COMMAND = re.compile(rf"(?:^|`)(autodistill (?:{VERBS})[^`#\n]*)", re.MULTILINE)
SMALL = {
    r"search(.*) --budget \w+": r"search\1 --trials 2",
    r"--budget \w+": "--budget 20s",
    "--dataset bbc-news --rows 200": "--dataset reviews.csv --rows 60",
    "--address head:6379": "--address local",
    "--dataset digits": "--dataset pictures",
    "--space students --students": "--space few.toml --students",
    r"score --dataset reviews.csv$": "score --dataset reviews.csv --students 4",
}
"""Replacements that make a command take seconds."""


def commands() -> list[str]:
    """Each different command of the pages."""
    pages = (page for page in PAGES if page.name != "bad-input.md")  # advice of messages, in part
    found = dict.fromkeys(c.strip() for page in pages for c in COMMAND.findall(read(page)))
    return [c for c in found if len(c.split()) > 2 or c.split()[1] in ALONE]


def small(command: str) -> str:
    """A command that takes seconds in place of this one."""
    for pattern, text in SMALL.items():
        command = re.sub(pattern, text, command)
    return command


@pytest.mark.parametrize("command", commands())
def test_a_documented_command_has_options_that_its_verb_knows(command: str) -> None:
    verb: Any = typer.main.get_command(app)
    words = command.split()[1:]

    while getattr(verb, "commands", None):
        name, *words = words
        verb = verb.commands[name]

    verb.make_context(name, words)  # reads the words, runs nothing; SpecError if it cannot


def test_hard_answers_of_an_llm_become_a_file_of_a_teacher(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    exec(blocks(ROOT / "docs/recipes/llm-labels.md")[0], {})

    answers = read_answers(tmp_path / "llm.csv", ("neg", "pos"))
    assert answers.texts == {"a good film": 0, "a dull story": 1}
    assert answers.shares.round().tolist() == [[0, 1], [1, 0]]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with all that the documentation names, each of it tiny."""
    rows = sentences(200)
    tiny_teacher(tmp_path / "my_model", labels=("LABEL_0", "LABEL_1"))
    for kind in ("albert", "electra"):
        tiny_student(tmp_path / f"small_{kind}", kind)
    write_csv(tmp_path / "reviews.csv", rows)
    write_csv(tmp_path / "more.csv", sentences(60, seed=9))
    soft = pd.DataFrame(
        {"text": [t for t, _ in rows], "neg": [0.9 if x == "neg" else 0.2 for _, x in rows]}
    )
    soft.assign(pos=1 - soft["neg"]).to_csv(tmp_path / "soft_labels.csv", index=False)
    glue = tmp_path / "data" / "glue" / "sst2"
    glue.mkdir(parents=True)
    for split, seed in (("train", 3), ("validation", 4)):
        frame = pd.DataFrame(
            [(t, int(x == "pos")) for t, x in sentences(200, seed)], columns=["sentence", "label"]
        )
        frame.to_parquet(glue / f"{split}-00000-of-00001.parquet")
    (tmp_path / "new.csv").write_text("text\na good film\na dull story\n", encoding="utf-8")
    (tmp_path / "few.toml").write_text(SPACE, encoding="utf-8")
    install_own_loss(tmp_path)
    image_folder(tmp_path / "pictures", 60)
    publish(past(0), "their_study", tmp_path / "their_study")
    return tmp_path


@pytest.mark.slow
@pytest.mark.first
def test_every_documented_command_works(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed, seen = {}, set[str]()
    monkeypatch.chdir(place)
    for name, value in _settings(place).items():
        monkeypatch.setenv(name, value)
    for command in dict.fromkeys(map(small, commands())):
        words = command.split()
        if words[1] in ELSEWHERE:
            continue
        if words[1] in ("search", "plan") and not {"--budget", "--trials"} & {*words}:
            words += ["--trials", "2"]
        if "NAME" in words:
            words[words.index("NAME")] = str(
                tomllib.loads(read(place / "recipe.toml"))["evidence"]["study"]
            )
        begin = time.monotonic()
        if words[1] in SERVERS:
            code, text = _serve(words[1:], place)
        elif words[1] in seen and "brier" not in command:  # a loss of the reader's own
            code, _, text = run_cli(*words[1:])
        else:
            code, text = _run(["-m", "autodistill", *words[1:]], place)
        seen.add(words[1])
        print(f"{time.monotonic() - begin:5.1f} s  {command}")
        if code not in (0, ALSO.get(words[1], 0)):
            failed[command] = text

    assert len(commands()) >= 15
    assert not failed


@pytest.mark.slow
def test_the_python_of_the_readme_works(place: Path) -> None:
    search, predict = blocks(ROOT / "README.md")

    code, text = _run(["-c", f"{search}\n{predict}".replace('"20m"', '"20s"')], place)

    assert code == 0, text
    assert (place / "recipe.toml").is_file()


def _settings(place: Path) -> dict[str, str]:
    return {
        "AUTODISTILL_DATA": str(place / "data"),
        "AUTODISTILL_TEACHER": "my_model",
        "BROWSER": "true",
        "PYTHONPATH": os.pathsep.join((str(place), str(ROOT))),
    }


def _run(words: list[str], place: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, *words],
        cwd=place,
        env={**os.environ, **_settings(place)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr[-2000:]


def _serve(words: list[str], place: Path) -> tuple[int, str]:
    """Ask a server at the address that it prints, then end it with Ctrl-C."""
    server, line = start(words, place, _settings(place))
    with_cookies = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    asked = line.startswith("http://") and with_cookies.open(line.split()[0], timeout=20)
    server.send_signal(signal.SIGINT)
    _, text = server.communicate(timeout=20)
    return (server.returncode if asked and asked.status == 200 else 1), text
