"""A written folder scores the same in a process that has never seen this package.

AUTODISTILL_OTHER_PYTHON names the interpreter of another environment, such as one with
Transformers 4.46.3 and torch 2.6: `AUTODISTILL_OTHER_PYTHON=venv/bin/python pytest -m slow
tests/deploy/test_fresh_environment.py`. Without it, this one is asked.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autodistill.components.students import Backbone
from autodistill.datasets import Rows
from autodistill.deploy.folder import write_folder
from autodistill.deploy.reload import predict_rows
from autodistill.prepare.tokens import tokenize, vocabularies
from autodistill.registry import families
from tests.architectures import LABELS, tiny_classifier
from tests.fakes import sentences

PYTHON = os.environ.get("AUTODISTILL_OTHER_PYTHON", sys.executable)
TEXTS = tuple(text for text, _ in sentences(16, seed=4))
STUDENTS = [
    *((kind, student) for kind in ("bert", "distilbert", "roberta") for student in ("cut", "slim")),
    *(("bert", student) for student in ("static", "bag", "bilstm", "text_cnn", "pruned")),
    ("electra", "cut"),
]
SCRIPT = """
import json, sys
from pathlib import Path
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline
texts = json.loads(sys.argv[1])
for folder in map(Path, sys.argv[2:]):
    trust = {"trust_remote_code": True} if list(folder.glob("*.py")) else {}
    tokenizer = AutoTokenizer.from_pretrained(folder, **trust)
    network = AutoModelForSequenceClassification.from_pretrained(folder, **trust).eval()
    with torch.inference_mode():
        logits = [
            network(**tokenizer(text, truncation=True, return_tensors="pt")).logits[0].tolist()
            for text in texts
        ]
    classify = pipeline("text-classification", str(folder), truncation=True, **trust)
    (long,) = classify("good film " * 2000)
    assert not [name for name in sys.modules if name.split(".")[0] == "autodistill"]
    print(json.dumps({"logits": logits, "long": long}))
"""


def written(home: Path, kind: str, student: str) -> tuple[Path, Any]:
    """The folder of a student, and its logits here."""
    source, folder = tiny_classifier(home / "source", kind), home / home.name
    rows = Rows(TEXTS, None, np.zeros(len(TEXTS), dtype=np.int64))
    words = vocabularies(source, rows, 64, home)["trimmed"]
    made = families.build("students", student, {"keep": 0.5} if student in ("cut", "slim") else {})
    network: Any = made.build(Backbone.of(source, LABELS, (0, 1, 2)), words)
    folder.mkdir()
    write_folder(folder, network, words.folder, 32)
    return folder, predict_rows(network, tokenize(words.folder, rows, 32, home), len(TEXTS))


@pytest.mark.slow
def test_another_environment_gives_the_same_logits_and_takes_a_text_of_any_length(
    tmp_path: Path,
) -> None:
    made = [written(tmp_path / f"{kind}-{student}", kind, student) for kind, student in STUDENTS]

    ran = subprocess.run(
        [PYTHON, "-I", "-c", SCRIPT, json.dumps(TEXTS), *(str(folder) for folder, _ in made)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr[-2000:]
    found = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]
    for (folder, expected), seen in zip(made, found, strict=True):
        np.testing.assert_allclose(
            np.array(seen["logits"]), expected, atol=1e-6, err_msg=str(folder)
        )
        assert seen["long"]["label"] in LABELS
