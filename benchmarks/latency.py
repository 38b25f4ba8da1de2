"""Does the latency that is measured before a student is trained hold for the folder that is deployed?

Each kind of student is built, measured, written, and measured again by a new process that reads the folder.
Training changes values, not shapes, so the written student is not trained.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import logging

from autodistill.components.students import Backbone, Student, Vocabulary
from autodistill.components.students._networks import read_config
from autodistill.components.teachers import find
from autodistill.registry import families
from autodistill.training.latency import latency_ms

READ = """
import json, sys
from pathlib import Path
from autodistill.components.students import load_classifier
from autodistill.training.latency import latency_ms
network = load_classifier(Path(sys.argv[1]), 2)
print(json.dumps([latency_ms(network, int(n)) for n in sys.argv[2:]]))
"""
LENGTHS = {"texts": (16, 64), "images": (1,)}
"""Tokens of a text; an image is one."""
SIDE = 32
"""Of an image, in pixels."""
OTHER_FOLDERS = ("checkpoint",)
"""Kinds that need a network of one's own."""


def latency(repeats: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Milliseconds before and after, the least over `repeats`, and the worst ratio."""
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    text, image = (
        find("embedded").folder,
        find("residual", np.zeros((1, SIDE, SIDE, 3), dtype=np.uint8)).folder,
    )
    words = {
        "texts": Vocabulary(text, None, read_config(text).vocab_size, 0),
        "images": Vocabulary(image, None, 0, 0),
    }
    found: dict[str, Any] = {}
    for name in (n for n in families.names("students") if n not in OTHER_FOLDERS):
        torch.manual_seed(0)
        reads = families.card("students", name).traits.get("reads", "texts")
        student: Student = families.build(
            "students", name, {"vocabulary": "full"} if reads == "texts" else {}
        )
        network: Any = student.build(
            Backbone.of(words[reads].folder, ("negative", "positive"), ()), words[reads]
        )
        with tempfile.TemporaryDirectory() as written:
            network.save_pretrained(written)
            pairs = [
                (
                    [latency_ms(network, n) for n in LENGTHS[reads]],
                    _read(Path(written), LENGTHS[reads]),
                )
                for _ in range(repeats)
            ]
        for place, tokens in enumerate(LENGTHS[reads]):
            before, after = (min(pair[side][place] for pair in pairs) for side in (0, 1))
            what = f"{tokens} tokens" if reads == "texts" else f"{SIDE}x{SIDE} pixels"
            found[f"{name}, {what}"] = {
                "before_ms": before,
                "after_ms": after,
                "ratio": after / before,
            }
            say(
                f"{name:10} {what:12}  before {before:7.3f} ms  after {after:7.3f} ms  {after / before:.2f}"
            )
    return {"students": found, "worst_error": max(abs(f["ratio"] - 1) for f in found.values())}


def _read(folder: Path, lengths: Sequence[int]) -> list[float]:
    done = subprocess.run(
        [sys.executable, "-c", READ, str(folder), *map(str, lengths)],
        capture_output=True,
        text=True,
        check=True,
    )
    times: list[float] = json.loads(done.stdout.splitlines()[-1])
    return times
