"""The lines of docs/deploy.md run as they stand, without the packages that they do without."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import run_cli
from tests.paths import ROOT
from tests.written import write_student

ABSENT = ("torch", "transformers", "autodistill", "onnx")
CODE = re.findall(
    r"```python\n(.*?)```", (ROOT / "docs/deploy.md").read_text(encoding="utf-8"), re.DOTALL
)


def run(code: str, folder: Path, absent: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """The code in a process of its own, where some packages cannot be imported."""
    head = f"import sys; sys.modules.update(dict.fromkeys({absent!r}))\n"
    command = [sys.executable, "-c", head + code]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def predicted(folder: Path, *texts: str) -> list[str]:
    """The logits of the texts by torch."""
    from autodistill.deploy.student import Student

    return Student(folder).predict(texts)


@pytest.mark.parametrize("kind", ["bag", pytest.param("cut", marks=pytest.mark.slow)])
def test_onnxruntime_alone_predicts_what_torch_does(
    kind: str, tmp_path: Path, teacher: Path
) -> None:
    folder = write_student(kind, tmp_path / "student", teacher)
    assert run_cli("export", folder, "--onnx").code == 0

    ran = run(CODE[1], tmp_path, ABSENT)

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == str(predicted(folder, "a good film", "a dull story"))


@pytest.mark.slow
def test_transformers_loads_the_folder(tmp_path: Path, teacher: Path) -> None:
    folder = write_student("cut", tmp_path / "student", teacher)

    ran = run(CODE[0], tmp_path, ("autodistill",))

    assert ran.returncode == 0, ran.stderr
    found = re.findall(r"'label': '(\w+)'", ran.stdout)
    assert found == predicted(folder, "a good film", "a dull story")
