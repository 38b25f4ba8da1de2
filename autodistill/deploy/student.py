"""A trained student in its folder: what was measured, and its predictions."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax
from transformers import AutoConfig, AutoImageProcessor, AutoTokenizer

from autodistill.analysis.metrics import Metric
from autodistill.components.students._reader import pad_of
from autodistill.datasets import Rows
from autodistill.deploy.engines import DAMAGED, Network, open_network
from autodistill.deploy.inputs import check_images, in_chunks, text_rows
from autodistill.errors import SpecError, StorageError
from autodistill.prepare.tokens import token_table
from autodistill.registry import families
from autodistill.runtime.quiet import quietly
from autodistill.runtime.text import first_line
from autodistill.study.reading import reading_name

BATCH = 32
OWN = {"local_files_only": True, "trust_remote_code": True}
"""Arguments for loading a folder that we wrote.

A network that Transformers lacks has its code in a file that we wrote beside the weights.
"""
MOST_TOKENS = 100_000
"""Tokens from which on a tokenizer's limit is none: Transformers writes 10**30."""
FEW_TOKENS = 512
"""Tokens of the longest text where neither tokenizer nor network says."""


class Student:
    """A folder that `autodistill train` wrote; Transformers loads it by itself, too."""

    def __init__(
        self,
        folder: str | os.PathLike[str],
        *,
        engine: str = "auto",
        options: Mapping[str, Any] = OWN,
    ) -> None:
        """`engine` is auto, torch, onnx or onnx-int8; `options` load a folder of others."""
        self.folder, self.engine, self.options = Path(folder), engine, options
        if not (self.folder / "config.json").is_file():
            what = (
                "has no config.json"
                if self.folder.is_dir()
                else "is a file"
                if self.folder.exists()
                else "does not exist"
            )
            raise SpecError(
                f"{self.folder} is no folder of a student: it {what}. Give the folder that "
                "`autodistill train` wrote."
            )

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

    def predict(self, inputs: Iterable[Any], *, batch: int = BATCH) -> list[str]:
        """The label of each text, pair of texts or image (height, width, 3)."""
        labels = self.labels
        with np.errstate(divide="ignore"):
            logits = np.log(self.predict_proba(inputs, batch=batch))
        return [labels[i] for i in self.decide(logits)]

    def decide(self, logits: NDArray[np.float32]) -> NDArray[np.int64]:
        """The class of each row, as the study's metric takes it: steps of a scale have an order."""
        known = self.metrics.get("metric") if (self.folder / "metrics.json").is_file() else None
        if known != "pearson":
            return np.asarray(logits.argmax(1))
        metric: Metric = families.build("metrics", known, {})
        return metric.decide(logits)

    def predict_proba(self, inputs: Iterable[Any], *, batch: int = BATCH) -> NDArray[np.float32]:
        """Probabilities (inputs, classes); raises SpecError for what is no input."""
        found = [np.empty((0, len(self.labels)), dtype=np.float32)]
        for start, part in in_chunks(inputs):
            if self.of_images:
                check_images(part, start)
                logits = self.image_logits(part, batch)
            else:
                logits = self.text_logits(text_rows(part, start, pairs=self.reads_pairs), batch)
            found.append(softmax(logits, axis=1))
        return np.concatenate(found)

    def text_logits(self, rows: Rows, batch: int = BATCH) -> NDArray[np.float32]:
        """Logits (rows, classes) of texts, computed in batches of similar length."""
        network = self.network
        table = token_table(self._reader, rows, self.longest)
        found = np.empty((len(rows), len(self.labels)), dtype=np.float32)
        for places in table.in_length_order(np.arange(len(rows)), batch):
            ids, mask, types = table.batch(places)
            found[places] = network(
                {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
            )
        return found

    def image_logits(self, images: Sequence[Any], batch: int = BATCH) -> NDArray[np.float32]:
        """Logits (images, classes)."""
        network = self.network
        found = np.empty((len(images), len(self.labels)), dtype=np.float32)
        for start in range(0, len(images), batch):
            part = list(images[start : start + batch])
            read = self._reader(images=part, return_tensors="np")["pixel_values"]
            found[start : start + len(part)] = network(
                {"pixel_values": np.asarray(read, dtype=np.float32)}
            )
        return found

    @property
    def of_images(self) -> bool:
        """Whether it reads images, not texts."""
        return any("Image" in name for name in self._config.architectures or ())

    @property
    def reads_pairs(self) -> bool | None:
        """Whether it reads pairs of texts; None where its folder does not say."""
        has_metrics = (self.folder / "metrics.json").is_file()
        found = self.metrics.get("pairs") if has_metrics else None
        return None if found is None else bool(found)

    @cached_property
    def network(self) -> Network:
        """The network, run by the engine that was asked for."""
        if not self.of_images and getattr(self._config, "pad_token_id", None) is None:
            # some look for it to find the end of a text
            self._config.pad_token_id = self.pad_id
        return open_network(self.folder, self._config, self.engine, self.options)

    @cached_property
    def _config(self) -> Any:
        try:
            with quietly():
                config = AutoConfig.from_pretrained(self.folder, **self.options)
        except DAMAGED as error:
            raise StorageError(
                f"{self.folder / 'config.json'} cannot be read ({first_line(error)}); copy or "
                "write the folder again."
            ) from error
        kinds = config.architectures or ()
        if not any("Classification" in name for name in kinds):
            raise SpecError(
                f"{self.folder} is no folder of a student: its network is "
                f"{', '.join(kinds) or 'unknown'}, which gives no classes."
            )
        return config

    @cached_property
    def _reader(self) -> Any:
        kind = AutoImageProcessor if self.of_images else AutoTokenizer
        try:
            with quietly():
                return kind.from_pretrained(self.folder, **self.options)
        except DAMAGED as error:
            what = "image processor" if self.of_images else "tokenizer"
            raise StorageError(
                f"the {what} in {self.folder} cannot be read ({first_line(error)}); copy or write "
                "the folder again."
            ) from error

    @property
    def pad_id(self) -> int:
        """The id that short texts are filled up with."""
        return pad_of(self._reader)

    @cached_property
    def longest(self) -> int:
        """Tokens that a text is truncated to."""
        stored = self._reader.model_max_length
        taken = self.network.longest()
        known = [n for n in (stored, taken) if n is not None and n < MOST_TOKENS]
        return int(min(known, default=FEW_TOKENS))

    def __repr__(self) -> str:
        """The folder, and its score on the held-out test, or else on the validation rows."""
        m = self.metrics
        return f"Student({str(self.folder)!r}, {m['params']:,} parameters{_score(m)})"


def load(folder: str | os.PathLike[str], *, engine: str = "auto") -> Student:
    """The student in a folder; it is read when it first predicts. Raises AutodistillError.

    `engine` is auto, torch, onnx or onnx-int8: auto takes model.onnx where it is there.
    """
    return Student(folder, engine=engine)


def _score(m: Mapping[str, Any]) -> str:
    if "student_test" in m and m.get("same_recipe", True):  # once, others' scores stood there
        reading = m.get("test_reading")
        which = f" ({reading_name(reading, m['test_recipes_before'])})" if reading else ""
        return f", held-out test {m['metric']} {m['student_test']:.4f}{which}"
    if "validation" in m:
        return f", validation {m['metric']} {m['validation']:.4f}, held-out test not read"
    return ""
