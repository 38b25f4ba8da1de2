"""Rows a second of `autodistill predict` against a bare loop, and memory by number of rows.

The bare loop does the same work with the libraries alone: the csv module, `tokenizers`, the same
chunks in the same batches of similar length, the engine, the csv module again. It knows the file's
columns and checks nothing.
"""

import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from autodistill.datasets._chunks import ROWS
from autodistill.deploy.prediction import Asked, predict_file
from autodistill.deploy.student import BATCH, load
from autodistill.runtime.progress import Screen

WORDS = (
    *("the", "a", "film", "story", "of", "some", "day", "and", "night", "it", "felt", "very"),
    *("long", "short", "good", "bad", "dull", "warm"),
)
TOLD = """
from autodistill.cli.app import main
import sys
try:
    main()
finally:
    print(next(line for line in open("/proc/self/status") if "VmHWM" in line), file=sys.stderr)
"""
"""The command line in a process that prints its peak at the end, as VmHWM: N kB."""
Logits = Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.float32]]
"""Ids and mask of a batch to its logits."""


class Silent(Screen):
    """A screen that prints no lines."""

    def line(self, text: str) -> None:
        """Print nothing."""


def predict(
    rows: int, student: Path | None, engine: str, repeats: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """Rows a second of both on one thread, ratios (medians of pairs), and peak memory in MB.

    The ratio of computed seconds says the same on a machine that does something else, too.
    """
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        folder = student or small_student(home / "student")
        file, out = write_rows(home / "rows.csv", rows), home / "out.csv"
        loaded, pairs = load(folder, engine=engine), list[tuple[float, ...]]()
        loaded.predict(["a text"])
        for turn in range(repeats):
            own = seconds(lambda: predict_file(loaded, Asked(str(file), out=out), Silent()))
            run, other = logits_of(loaded), home / "bare.csv"
            theirs = seconds(lambda: bare(folder, run, loaded.labels, file, other))  # noqa: B023
            pairs.append((*own, *theirs))
            say(f"pair {turn + 1}: {rows / own[0]:,.0f} and {rows / theirs[0]:,.0f} rows a second")
        few = write_rows(home / "few.csv", rows // 5)
        memory = [peak_mb(folder, engine, which, out) for which in (few, file)]
        return {
            "engine": loaded.network.name,
            "rows": rows,
            "rows_a_second": rows / median(pair[0] for pair in pairs),
            "bare_rows_a_second": rows / median(pair[2] for pair in pairs),
            "ratio": median(pair[2] / pair[0] for pair in pairs),
            "cpu_ratio": median(pair[3] / pair[1] for pair in pairs),
            "same_labels": labels(out) == labels(home / "bare.csv"),
            "peak_mb_of_a_fifth": memory[0],
            "peak_mb": memory[1],
            "peak_ratio": memory[1] / memory[0],
        }


def seconds(act: Callable[[], Any]) -> tuple[float, float]:
    """Seconds by the clock, and those that this process computed."""
    begin, spent = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - begin, time.process_time() - spent


def bare(folder: Path, logits: Logits, names: Sequence[str], file: Path, out: Path) -> None:
    """Predict a file with the libraries alone."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(128)
    with file.open(newline="") as read, out.open("w", newline="") as written:
        reader, writer = csv.reader(read), csv.writer(written, lineterminator="\n")
        writer.writerow([*next(reader), "prediction"])
        while chunk := list(islice(reader, ROWS)):
            coded = [x.ids for x in tokenizer.encode_batch([row[0] for row in chunk])]
            order = sorted(range(len(coded)), key=lambda i: -len(coded[i]))
            chosen = [""] * len(coded)
            for part, ids, mask in batches(coded, order):
                for place, label in zip(part, logits(ids, mask).argmax(1)):
                    chosen[place] = names[label]
            writer.writerows([*row, label] for row, label in zip(chunk, chosen))


def batches(
    coded: Sequence[list[int]], order: Sequence[int]
) -> Iterator[tuple[Sequence[int], NDArray[np.int64], NDArray[np.int64]]]:
    """Places, ids and mask of each batch."""
    for start in range(0, len(order), BATCH):
        part = order[start : start + BATCH]
        width = len(coded[part[0]])
        ids = np.zeros((len(part), width), dtype=np.int64)
        mask = np.zeros((len(part), width), dtype=np.int64)
        for line, place in enumerate(part):
            ids[line, : len(coded[place])] = coded[place]
            mask[line, : len(coded[place])] = 1
        yield part, ids, mask


def logits_of(student: Any) -> Logits:
    """The engine itself, without our calls around it."""
    network = student.network
    if (session := getattr(network, "session", None)) is not None:
        takes = {given.name for given in session.get_inputs()}

        def run(ids: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
            given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": 0 * ids}
            found: NDArray[np.float32] = session.run(
                ["logits"], {name: x for name, x in given.items() if name in takes}
            )[0]
            return found

        return run

    @torch.inference_mode()
    def run_torch(ids: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        given, seen = torch.from_numpy(ids), torch.from_numpy(mask)
        found: NDArray[np.float32] = network.network(given, attention_mask=seen).logits.numpy()
        return found

    return run_torch


def peak_mb(folder: Path, engine: str, rows: Path, out: Path) -> float:
    """Peak resident memory of the command, as it says itself (Linux)."""
    words = ("predict", str(folder), str(rows), "--out", str(out), "--engine", engine)
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", TOLD, *words]
    ran = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    return int(ran.stderr.split()[-2]) / 1024


def labels(file: Path) -> list[str]:
    """The predictions in a file."""
    with file.open(newline="") as read:
        return [row["prediction"] for row in csv.DictReader(read)]


def write_rows(file: Path, rows: int) -> Path:
    """A CSV of short texts."""
    draw = random.Random(0)
    with file.open("w", newline="") as written:
        writer = csv.writer(written)
        writer.writerow(["text", "id"])
        for row in range(rows):
            writer.writerow([" ".join(draw.choices(WORDS, k=draw.randint(4, 16))), row])
    return file


def small_student(folder: Path) -> Path:
    """Two layers of width 128 of an untrained BERT with the embedded teacher's tokenizer."""
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    from autodistill.components.teachers import find

    tokenizer = AutoTokenizer.from_pretrained(find("embedded").folder)
    tokenizer.model_max_length = 128
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=128,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=512,
        id2label={0: "neg", 1: "pos"},
    )
    network = BertForSequenceClassification(config).eval()
    network.save_pretrained(folder)
    write_onnx(network, folder / "model.onnx")
    return folder


def write_onnx(network: Any, file: Path) -> None:
    """The network as a file of ONNX, where the package onnx is there."""
    ids = torch.ones((2, 8), dtype=torch.long)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    axes = {name: {0: "rows", 1: "tokens"} for name in names} | {"logits": {0: "rows"}}

    class Plain(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, ids: Any, mask: Any, types: Any) -> Any:
            return self.network(ids, attention_mask=mask, token_type_ids=types).logits

    torch.onnx.export(
        Plain(),
        (ids, torch.ones_like(ids), torch.zeros_like(ids)),
        str(file),
        input_names=names,
        output_names=["logits"],
        dynamic_axes=axes,
        dynamo=False,
    )
