"""Every command in the documentation is run, in the order in which a reader meets it."""

import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from autodistill.storage.files import publish
from tests.fakes import image_folder, sentences, tiny_teacher, write_csv
from tests.paths import ROOT
from tests.recommend.studies import past

VERBS = "search|plan|score|run|audit|report|recommend|studies|dashboard|ls|show|doctor"
COMMAND = re.compile(rf"(?:^|`)(autodistill (?:{VERBS})[^`#\n]*)", re.MULTILINE)


def commands() -> list[str]:
    """Each different command, shortened so that it takes seconds."""
    text = "\n".join(
        (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md")
    )
    found = dict.fromkeys(c.strip() for c in COMMAND.findall(text))
    return [re.sub(r"--budget 20?m", "--budget 20s", c) for c in found if len(c.split()) > 1]


def test_the_example_of_a_new_loss_is_the_code_that_runs() -> None:
    blocks = re.findall(
        r"```python\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.DOTALL
    )

    assert blocks[0] == (ROOT / "autodistill/components/losses/hidden_ce.py").read_text(
        encoding="utf-8"
    )
    assert blocks[1] in (ROOT / "tests/components/losses/test_hidden_ce.py").read_text(
        encoding="utf-8"
    )


def test_a_file_that_a_page_shows_is_the_file() -> None:
    pages = [ROOT / "docs" / name for name in ("add-a-stage.md", "add-a-member.md")]
    shown = [
        found
        for page in pages
        for found in re.findall(
            r"^`([\w/.]+)`:\n\n```python\n(.*?)```",
            page.read_text(encoding="utf-8"),
            re.M | re.DOTALL,
        )
    ]

    assert len(shown) == 5
    for path, text in shown:
        assert text == (ROOT / path).read_text(encoding="utf-8"), path


@pytest.mark.slow
def test_every_documented_command_works(tmp_path: Path) -> None:
    rows = sentences(200)
    tiny_teacher(tmp_path / "my_model", labels=("LABEL_0", "LABEL_1"))
    write_csv(tmp_path / "reviews.csv", rows)
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
    image_folder(tmp_path / "pictures", 60)
    publish(past(0), "their_study", tmp_path / "their_study")
    env = {
        **os.environ,
        "AUTODISTILL_DATA": str(tmp_path / "data"),
        "AUTODISTILL_TEACHER": "my_model",
    }

    failed = {}
    for command in commands():
        words = command.split()
        if words[1] in ("search", "plan") and "--budget" not in words:
            words += ["--trials", "2"]
        if "NAME" in words:
            words[words.index("NAME")] = str(
                tomllib.loads((tmp_path / "recipe.toml").read_text())["evidence"]["study"]
            )
        code, text = (
            _serve(words[1:], tmp_path, env)
            if words[1] == "dashboard"
            else _run(words[1:], tmp_path, env)
        )
        if code not in (0, 2 if words[1] == "doctor" else 0):
            failed[command] = text

    assert len(commands()) >= 15
    assert not failed


def _run(words: list[str], folder: Path, env: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "autodistill", *words],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr[-2000:]


def _serve(words: list[str], folder: Path, env: dict[str, str]) -> tuple[int, str]:
    """Start a server on a free port, let it stand for a while, end it with Ctrl-C."""
    command = [sys.executable, "-m", "autodistill", *words, "--port", "0"]
    server = subprocess.Popen(command, cwd=folder, env=env, stderr=subprocess.PIPE, text=True)
    time.sleep(6)
    server.send_signal(signal.SIGINT)
    _, text = server.communicate(timeout=20)
    return (0 if server.returncode in (0, 130) else 1), text
