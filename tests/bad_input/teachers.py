"""Folders of teachers."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.bad_input.case import Case

SEARCH = "search --dataset reviews.csv --teacher teacher"
CONFIG, WEIGHTS = "teacher/config.json", "teacher/model.safetensors"
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 12345\n"


def _config(**values: object) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        config = json.loads(path.read_text()) | values
        path.write_text(json.dumps({k: v for k, v in config.items() if v is not None}))

    return write


def _weights(
    change: Callable[[str, np.ndarray], tuple[str, np.ndarray] | None],
) -> Callable[[Path], None]:
    """The weights with a change of each name and array; None leaves it out."""

    def write(path: Path) -> None:
        from safetensors.numpy import load_file, save_file

        kept = (change(name, array) for name, array in load_file(path).items())
        save_file(dict(pair for pair in kept if pair), path, {"format": "pt"})

    return write


def _gone(path: Path) -> None:
    path.unlink()


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:1000])


CASES = (
    Case("a teacher without config.json", SEARCH, {CONFIG: _gone}),
    Case("a config.json that is no JSON", SEARCH, {CONFIG: "{"}),
    Case("a config.json that is a list", SEARCH, {CONFIG: "[]"}),
    Case("a config.json without a model type", SEARCH, {CONFIG: _config(model_type=None)}),
    Case("a model type that nobody knows", SEARCH, {CONFIG: _config(model_type="bertt")}),
    Case(
        "custom code",
        SEARCH,
        {CONFIG: _config(auto_map={"AutoModel": "modeling.Mine"}, model_type="mine")},
    ),
    Case("id2label the wrong way round", SEARCH, {CONFIG: _config(id2label={"neg": 0, "pos": 1})}),
    Case("two outputs of one name", SEARCH, {CONFIG: _config(id2label={"0": "neg", "1": "neg"})}),
    Case(
        "labels that the data lack", SEARCH, {CONFIG: _config(id2label={"0": "bad", "1": "good"})}
    ),
    Case("labels in the wrong order", SEARCH, {CONFIG: _config(id2label={"0": "pos", "1": "neg"})}),
    Case(
        "a head of another size",
        SEARCH,
        {CONFIG: _config(id2label={"0": "neg", "1": "pos", "2": "so"}, num_labels=3)},
    ),
    Case("a teacher without weights", SEARCH, {WEIGHTS: _gone}),
    Case("weights that are cut", SEARCH, {WEIGHTS: _cut}),
    Case("weights that are a Git LFS pointer", SEARCH, {WEIGHTS: POINTER}),
    Case("empty weights", SEARCH, {WEIGHTS: b""}),
    Case(
        "weights without a head",
        SEARCH,
        {WEIGHTS: _weights(lambda n, a: None if n.startswith("classifier") else (n, a))},
    ),
    Case(
        "weights whose names begin with module.",
        SEARCH,
        {WEIGHTS: _weights(lambda n, a: (f"module.{n}", a))},
    ),
    Case("weights of other widths", SEARCH, {CONFIG: _config(hidden_size=16)}),
    Case("weights that are not numbers", SEARCH, {WEIGHTS: _weights(lambda n, a: (n, a * np.nan))}),
    Case(
        "adapters without their network",
        SEARCH,
        {
            CONFIG: _gone,
            WEIGHTS: _gone,
            "teacher/adapter_config.json": "{}",
            "teacher/adapter_model.safetensors": b"",
        },
    ),
    Case(
        "a teacher without a tokenizer",
        SEARCH,
        {"teacher/tokenizer.json": _gone, "teacher/tokenizer_config.json": _gone},
    ),
    Case("a tokenizer that is no JSON", SEARCH, {"teacher/tokenizer.json": "{"}),
    Case("too many names of outputs", f"{SEARCH} --teacher-labels neg,pos,so"),
    Case("one name for both outputs", f"{SEARCH} --teacher-labels neg,neg"),
    Case("a file as a teacher", "search --dataset reviews.csv --teacher space.toml"),
    Case("an image teacher for texts", "search --dataset reviews.csv --teacher residual"),
)
