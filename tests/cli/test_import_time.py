"""The quick verbs import nothing slow."""

from pathlib import Path

import pytest

from tests.commands import run_process

SLOW = {"alembic", "datasets", "lightning", "numpy", "optuna", "pandas", "plotly"}
SLOW |= {"pyarrow", "scipy", "sklearn", "sqlalchemy", "torch", "transformers"}


@pytest.mark.parametrize(
    "words",
    [
        ("--help",),
        ("ls", "losses"),
        ("ls", "spaces"),
        ("show", "losses", "kl"),
        ("show", "spaces", "quick"),
    ],
)
def test_a_quick_verb_imports_nothing_slow(words: tuple[str, ...], tmp_path: Path) -> None:
    ran = run_process(tmp_path, *words, python=("-X", "importtime"))

    imported = {line.rpartition("|")[2].strip().split(".")[0] for line in ran.stderr.splitlines()}
    assert ran.returncode == 0
    assert "autodistill" in imported  # the listing is one
    assert imported & SLOW == set()
