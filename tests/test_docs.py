"""The documentation is true; its commands run in a reader's order."""

import ast
import os
import re
import signal
import subprocess
import sys
import tomllib
import urllib.request
from pathlib import Path

import pandas as pd
import pytest

from autodistill.storage.files import publish
from tests.fakes import image_folder, sentences, tiny_teacher, write_csv
from tests.paths import ROOT
from tests.recommend.studies import past
from tests.servers import start
from tests.students import tiny_student
from tests.test_layers import ORDER

VERBS = (
    "search|plan|score|train|replay|audit|predict|evaluate|export|bench|serve|publish|report|"
    "recommend|studies|dashboard|ls|show|doctor"
)
ALONE = ("doctor", "dashboard")
"""Verbs that are commands without more words."""
SERVERS = ("dashboard", "serve")
"""Verbs that do not end by themselves."""
ALSO = {"doctor": 2, "replay": 1}
"""Exit codes by which a verb says what it found."""
COMMAND = re.compile(rf"(?:^|`)(autodistill (?:{VERBS})[^`#\n]*)", re.MULTILINE)
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
NOTES = [
    ROOT / "CHANGELOG.md",
    *sorted(ROOT.glob("decisions/*.md")),
    *(ROOT / folder / "README.md" for folder in ("benchmarks", "dashboards", "studies")),
]


def read(page: Path) -> str:
    """The text of a page."""
    return page.read_text(encoding="utf-8")


def blocks(page: Path) -> list[str]:
    """The Python code on a page."""
    return re.findall(r"```python\n(.*?)```", read(page), re.DOTALL)


def commands() -> list[str]:
    """Each different command, shortened so that it takes seconds."""
    pages = (page for page in PAGES if page.name != "bad-input.md")  # advice of messages, in part
    found = dict.fromkeys(c.strip() for page in pages for c in COMMAND.findall(read(page)))
    full = [c for c in found if len(c.split()) > 2 or c.split()[1] in ALONE]
    return list(dict.fromkeys(re.sub(r"--budget \w+", "--budget 20s", c) for c in full))


def test_the_example_of_a_new_loss_is_the_code_that_runs() -> None:
    loss, check = blocks(ROOT / "CONTRIBUTING.md")

    assert loss == read(ROOT / "autodistill/components/losses/hidden_ce.py")
    assert check in read(ROOT / "tests/components/losses/test_hidden_ce.py")


def test_a_file_that_a_page_shows_is_the_file() -> None:
    shown = [
        found
        for name in ("add-a-stage.md", "add-a-member.md")
        for found in re.findall(
            r"^`([\w/.]+)`:\n\n```python\n(.*?)```", read(ROOT / "docs" / name), re.M | re.DOTALL
        )
    ]

    assert len(shown) == 5
    for path, text in shown:
        assert text == read(ROOT / path), path


def test_a_link_leads_to_a_file() -> None:
    links = [
        (page.relative_to(ROOT).as_posix(), page.parent / target)
        for page in (*PAGES, *NOTES)
        for target in re.findall(r"\]\(([^)#\s]+)", read(page))
        if "://" not in target
    ]

    dead = [(page, target) for page, target in links if not target.exists()]

    assert len(links) > 20
    assert dead == []


def test_every_page_of_the_documentation_is_listed() -> None:
    index = read(ROOT / "docs/README.md")

    listed = set(re.findall(r"\]\(([\w-]+\.md)\)", index))

    assert {p.name for p in PAGES if p.parent == ROOT / "docs"} - {"README.md"} <= listed


def test_a_class_that_the_glossary_names_is_in_its_room() -> None:
    named = re.findall(r"`(\w+)`\s+in\s+`(\w+)/`", read(ROOT / "docs/glossary.md"))

    missing = [(name, room) for name, room in named if name not in classes(room)]

    assert len(named) > 15
    assert missing == []


def classes(room: str) -> set[str]:
    """The names of the classes in a room of the package."""
    return {
        node.name
        for path in (ROOT / "autodistill" / room).rglob("*.py")
        for node in ast.parse(read(path)).body
        if isinstance(node, ast.ClassDef)
    }


def test_the_rooms_are_described_in_the_order_of_their_imports() -> None:
    rooms = [room for room in ORDER if room != "__main__"]

    line = " ".join(read(ROOT / "CONTRIBUTING.md").split())
    described = re.findall(r"^\d+\. `(\w+)(?:/|\.py)`:", read(ROOT / "docs/how-it-works.md"), re.M)

    assert " < ".join(rooms) in line
    assert described == rooms


def test_a_file_that_a_page_names_exists() -> None:
    named = {
        (page.name, path)
        for page in (*PAGES, *NOTES)
        for path in re.findall(r"`((?:autodistill|tests|benchmarks)/[\w/.]+)`", read(page))
    }

    missing = [(page, path) for page, path in named if not (ROOT / path).exists()]

    assert len(named) > 10
    assert missing == []


def test_the_readme_is_read_in_minutes() -> None:
    lines = read(ROOT / "README.md").splitlines()

    assert len(lines) <= 200
    assert max(map(len, lines)) <= 100


def test_pages_fit_a_hundred_columns_but_for_tables() -> None:
    long = [
        (page.name, line)
        for page in (*PAGES, *NOTES)
        for line in read(page).splitlines()
        if len(line) > 100 and not line.startswith("|")
    ]

    assert long == []


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
    image_folder(tmp_path / "pictures", 60)
    publish(past(0), "their_study", tmp_path / "their_study")
    return tmp_path


@pytest.mark.slow
def test_every_documented_command_works(place: Path) -> None:
    failed = {}
    for command in commands():
        words = command.split()
        if words[1] in ("search", "plan") and "--budget" not in words:
            words += ["--trials", "2"]
        if "NAME" in words:
            words[words.index("NAME")] = str(
                tomllib.loads(read(place / "recipe.toml"))["evidence"]["study"]
            )
        code, text = (_serve if words[1] in SERVERS else _run)(
            ["-m", "autodistill", *words[1:]], place
        )
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


def _environment(place: Path) -> dict[str, str]:
    return {
        **os.environ,
        "AUTODISTILL_DATA": str(place / "data"),
        "AUTODISTILL_TEACHER": "my_model",
    }


def _run(words: list[str], place: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, *words],
        cwd=place,
        env=_environment(place),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr[-2000:]


def _serve(words: list[str], place: Path) -> tuple[int, str]:
    """Ask a server at the address that it prints, then end it with Ctrl-C."""
    server, line = start(words[2:], place, _environment(place))
    asked = line.startswith("http://") and urllib.request.urlopen(line.split()[0], timeout=20)
    server.send_signal(signal.SIGINT)
    _, text = server.communicate(timeout=20)
    return (server.returncode if asked and asked.status == 200 else 1), text
