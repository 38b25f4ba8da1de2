"""The beginning of a command: what it loads, and that it says so."""

import json
import subprocess
import sys

import pytest

from autodistill.cli.start import start

SLOW = ("lightning", "sympy", "torch._dynamo")
"""Libraries that only a training needs; they double the seconds to a command's first line."""


@pytest.mark.parametrize(
    "module",
    ["autodistill.search.loop", "autodistill.search.forecast", "autodistill.deploy.full_run"],
)
def test_a_command_says_its_first_line_before_what_a_training_needs_is_loaded(module: str) -> None:
    code = f"import {module}, sys; print(*[m for m in {SLOW} if m in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == []


def test_a_program_hears_at_once_that_a_command_has_begun(
    capsys: pytest.CaptureFixture[str],
) -> None:
    start("json", as_json=True)

    assert json.loads(capsys.readouterr().out) == {"event": "note", "text": "loading"}
