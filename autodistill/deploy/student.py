"""A trained student in its folder: what was measured, and its predictions."""

import json
import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import (
    AutoConfig,
    AutoImageProcessor,
    AutoModelForImageClassification,
    AutoModelForSequenceClassification,
    AutoTokenizer,
)

from autodistill.errors import SpecError
from autodistill.runtime.quiet import quietly
from autodistill.study.reading import reading_name

BATCH = 32
OWN = {"local_files_only": True, "trust_remote_code": True}
"""Arguments for loading a folder that we wrote.

A network that Transformers lacks has its code in a file that we wrote beside the weights.
"""


class Student:
    """A folder that `autodistill train` wrote; Transformers loads it by itself, too."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)
        if not (self.folder / "config.json").is_file():
            raise SpecError(f"{self.folder} is no folder of a student: it has no config.json.")

    @cached_property
    def metrics(self) -> dict[str, Any]:
        """metrics.json: scores, parameters, bytes, milliseconds."""
        found: dict[str, Any] = json.loads(
            (self.folder / "metrics.json").read_text(encoding="utf-8")
        )
        return found

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the classes, in the order of the columns of `predict_proba`."""
        named = self._config.id2label
        return tuple(named[i] for i in range(len(named)))

    def predict(self, inputs: Sequence[Any]) -> list[str]:
        """The label of each text, pair of texts or image (height, width, 3)."""
        labels = self.labels
        return [labels[i] for i in self.predict_proba(inputs).argmax(1)]

    def predict_proba(self, inputs: Sequence[Any]) -> NDArray[np.float32]:
        """Probabilities (inputs, classes)."""
        if isinstance(inputs, str):
            raise SpecError(f"predict takes a list of texts, not one text; write [{inputs!r:.40}].")
        found = [np.empty((0, len(self.labels)), dtype=np.float32)]
        with torch.inference_mode():
            for start in range(0, len(inputs), BATCH):
                batch = self._read(list(inputs[start : start + BATCH]))
                found.append(self._network(**batch).logits.float().softmax(-1).numpy())
        return np.concatenate(found)

    def _read(self, batch: list[Any]) -> Any:
        if self._of_images:
            return self._reader(images=batch, return_tensors="pt")
        return self._reader(batch, padding=True, truncation=True, return_tensors="pt")

    @cached_property
    def _config(self) -> Any:
        return AutoConfig.from_pretrained(self.folder, **OWN)

    @property
    def _of_images(self) -> bool:
        return any("Image" in name for name in self._config.architectures)

    @cached_property
    def _reader(self) -> Any:
        kind = AutoImageProcessor if self._of_images else AutoTokenizer
        with quietly():
            return kind.from_pretrained(self.folder, **OWN)

    @cached_property
    def _network(self) -> Any:
        images = self._of_images
        kind = AutoModelForImageClassification if images else AutoModelForSequenceClassification
        with quietly():
            return kind.from_pretrained(self.folder, **OWN).eval()

    def __repr__(self) -> str:
        """The folder, and its score on the held-out test, or else on the validation rows."""
        m = self.metrics
        return f"Student({str(self.folder)!r}, {m['params']:,} parameters{_score(m)})"


def _score(m: Mapping[str, Any]) -> str:
    if "student_test" in m and m.get("same_recipe", True):  # once, others' scores stood there
        reading = m.get("test_reading")
        which = f" ({reading_name(reading, m['test_recipes_before'])})" if reading else ""
        return f", held-out test {m['metric']} {m['student_test']:.4f}{which}"
    if "validation" in m:
        return f", validation {m['metric']} {m['validation']:.4f}, held-out test not read"
    return ""
