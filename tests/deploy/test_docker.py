"""The Dockerfile that `export --docker` writes; no container is built here."""

import json
import re
import shlex
import shutil
from importlib.metadata import version
from pathlib import Path

import pytest
import typer

from autodistill.cli.app import app
from autodistill.deploy.serving import Limits
from autodistill.runtime.version import __version__
from tests.commands import run_cli, says
from tests.deploy.onnx_file import table_network
from tests.deploy.served import served
from tests.written import write_student


@pytest.fixture
def student(tmp_path: Path, teacher: Path) -> Path:
    """A folder with weights and with model.onnx."""
    shutil.copytree(teacher, tmp_path / "student")
    table_network(tmp_path / "student")
    return tmp_path / "student"


def instructions(folder: Path) -> dict[str, list[str]]:
    """The lines of the Dockerfile by their first word."""
    text = (folder / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            word, _, rest = line.partition(" ")
            found.setdefault(word, []).append(rest.strip())
    return found


def copied(folder: Path) -> list[str]:
    """The files that go into the container."""
    words: list[str] = json.loads(instructions(folder)["COPY"][0])
    assert words[-1] == "./"
    return words[:-1]


def test_a_dockerfile_has_the_parts_of_one(student: Path) -> None:
    ran = run_cli("export", student, "--docker")

    found = instructions(student)
    assert ran.code == 0, ran.err
    says(ran.out, "Dockerfile: onnx, ", f"docker build -t student {student}")
    assert list(found) == [
        *("FROM", "ARG", "RUN", "ENV", "WORKDIR", "COPY", "USER", "EXPOSE", "HEALTHCHECK"),
        "ENTRYPOINT",
    ]
    assert re.fullmatch(r"python:3\.\d+-slim", found["FROM"][0])
    assert found["USER"] == ["10001:10001"]
    assert "/health" in found["HEALTHCHECK"][0]


def test_every_package_is_pinned_to_the_version_that_is_installed(student: Path) -> None:
    run_cli("export", student, "--docker")

    found = instructions(student)
    words = shlex.split(f"{found['RUN'][0]} {found['ARG'][0]}")
    pins = dict(word.split("==") for word in words if "==" in word)
    torch, own = pins.pop("torch"), pins.pop("AUTODISTILL=kd-autodistill[serve]")
    assert {"onnxruntime", "transformers", "tokenizers", "fastapi", "uvicorn"} <= set(pins)
    assert pins == {name: version(name) for name in pins}
    assert torch == version("torch").partition("+")[0]
    assert own == __version__


def test_what_is_copied_is_served_by_the_command_that_it_runs(
    student: Path, tmp_path: Path
) -> None:
    run_cli("export", student, "--docker")
    (tmp_path / "copy").mkdir()
    for name in copied(student):
        shutil.copy(student / name, tmp_path / "copy" / name)
    program, *words = json.loads(instructions(student)["ENTRYPOINT"][0])
    port = instructions(student)["EXPOSE"][0]

    command = typer.main.get_command(app).commands[words[0]]  # type: ignore[attr-defined]
    with command.make_context("serve", words[1:]) as context:
        taken = context.params
    with served(tmp_path / "copy", Limits(), host="0.0.0.0") as server:
        status, answer = server.ask({"text": "a good film"})

    assert program == "autodistill"
    assert (taken["host"], str(taken["port"]), taken["engine"]) == ("0.0.0.0", port, "onnx")
    assert status == 200
    assert answer["predictions"][0]["prediction"] in ("neg", "pos")
    assert "model.safetensors" not in copied(student)


def test_without_onnx_the_weights_are_served_by_torch(tmp_path: Path, teacher: Path) -> None:
    folder = write_student("bag", tmp_path / "student", teacher)

    run_cli("export", folder, "--docker")
    again = run_cli("export", folder, "--docker")

    found = instructions(folder)
    assert again.code == 0
    assert {"model.safetensors", "config.json", "tokenizer.json"} <= set(copied(folder))
    assert "Dockerfile" not in copied(folder)
    assert json.loads(found["ENTRYPOINT"][0])[-1] == "torch"
    assert "onnxruntime" not in found["RUN"][0]
