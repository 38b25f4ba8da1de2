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
folder = Path(sys.argv[1])
trust = {"trust_remote_code": True} if list(folder.glob("*.py")) else {}
tokenizer = AutoTokenizer.from_pretrained(folder, **trust)
network = AutoModelForSequenceClassification.from_pretrained(folder, **trust).eval()
texts = json.loads((folder / "texts.json").read_text())
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


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "student"), STUDENTS)
def test_another_environment_gives_the_same_logits_and_takes_a_text_of_any_length(
    tmp_path: Path, kind: str, student: str
) -> None:
    source, folder = tiny_classifier(tmp_path / "source", kind), tmp_path / "student"
    rows = Rows(TEXTS, None, np.zeros(len(TEXTS), dtype=np.int64))
    words = vocabularies(source, rows, 64, tmp_path)["trimmed"]
    made = families.build("students", student, {"keep": 0.5} if student in ("cut", "slim") else {})
    network: Any = made.build(Backbone.of(source, LABELS, (0, 1, 2)), words)
    folder.mkdir()
    write_folder(folder, network, words.folder, 32)
    (folder / "texts.json").write_text(json.dumps(TEXTS))
    expected = predict_rows(network, tokenize(words.folder, rows, 32, tmp_path), len(TEXTS))

    ran = subprocess.run(
        [PYTHON, "-I", "-c", SCRIPT, str(folder)], capture_output=True, text=True, check=False
    )

    assert ran.returncode == 0, ran.stderr[-2000:]
    found = json.loads(ran.stdout.splitlines()[-1])
    np.testing.assert_allclose(np.array(found["logits"]), expected, atol=1e-6)
    assert found["long"]["label"] in LABELS
