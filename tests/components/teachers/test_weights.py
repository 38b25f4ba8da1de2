"""Weights that are not what the config says: each gets one message with its cause."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForSequenceClassification

from autodistill.components.teachers import find
from autodistill.errors import TeacherError

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n"
Weights = dict[str, Any]


@pytest.fixture
def folder(teacher: Path, tmp_path: Path) -> Path:
    """A copy of the tiny teacher that a test may break."""
    return Path(shutil.copytree(teacher, tmp_path / "mine"))


def _rewrite(folder: Path, change: Callable[[Weights], Weights]) -> None:
    save_file(change(load_file(folder / "model.safetensors")), folder / "model.safetensors")


def _config(folder: Path, **changed: object) -> None:
    place = folder / "config.json"
    place.write_text(json.dumps(json.loads(place.read_text()) | changed))


def _another_head(folder: Path) -> None:
    _rewrite(folder, lambda w: w | {k: w[k][:1] for k in w if k.startswith("classifier.")})


def _more_names(folder: Path) -> None:
    _config(folder, id2label={"0": "neg", "1": "pos", "2": "so"})


def _no_head(folder: Path) -> None:
    _rewrite(folder, lambda w: {k: v for k, v in w.items() if not k.startswith("classifier.")})


def _body_alone(folder: Path) -> None:
    _rewrite(
        folder,
        lambda w: {k.removeprefix("bert."): v for k, v in w.items() if k.startswith("bert.")},
    )


def _wrapped(begins: str) -> Callable[[Path], None]:
    return lambda folder: _rewrite(folder, lambda w: {begins + k: v for k, v in w.items()})


def _no_layer(folder: Path) -> None:
    _rewrite(folder, lambda w: {k: v for k, v in w.items() if ".layer.1." not in k})


def _fewer_layers(folder: Path) -> None:
    _config(folder, num_hidden_layers=1)


def _another_width(folder: Path) -> None:
    _config(folder, intermediate_size=48)


def _adapter_in_it(folder: Path) -> None:
    name = "bert.encoder.layer.0.attention.self.query.lora_A.default.weight"
    _rewrite(folder, lambda w: w | {name: torch.zeros(2, 32)})


def _not_numbers(value: float) -> Callable[[Path], None]:
    def spoil(weights: Weights) -> Weights:
        weights["classifier.bias"][0] = value
        return weights

    return lambda folder: _rewrite(folder, spoil)


def _pointer(name: str) -> Callable[[Path], None]:
    return lambda folder: _written(folder / name, POINTER)


def _written(place: Path, text: str) -> None:
    place.write_text(text)


def _cut(folder: Path) -> None:
    file = folder / "model.safetensors"
    file.write_bytes(file.read_bytes()[:-100])


def _a_page(folder: Path) -> None:
    _written(folder / "model.safetensors", "<!DOCTYPE html><html>404: not found</html>" * 3)


def _empty(folder: Path) -> None:
    _written(folder / "model.safetensors", "")


def _pickled(damage: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
        (folder / "model.safetensors").unlink()
        raw = (folder / "pytorch_model.bin").read_bytes()
        (folder / "pytorch_model.bin").write_bytes(damage(raw))

    return spoil


def _sharded(folder: Path) -> list[Path]:
    network = AutoModelForSequenceClassification.from_pretrained(folder)
    (folder / "model.safetensors").unlink()
    network.save_pretrained(folder, max_shard_size="20KB")
    return sorted(folder.glob("model-*.safetensors"))


def _no_shard(folder: Path) -> None:
    _sharded(folder)[1].unlink()


def _no_index(folder: Path) -> None:
    _sharded(folder)
    _written(folder / "model.safetensors.index.json", "{}")


def _adapter_alone(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "adapter_model.safetensors")
    _written(folder / "adapter_config.json", "{}")


def _of_tensorflow(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "tf_model.h5")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_another_head, r"has weights for 1 output \(classifier\.bias\).*config.json names 2"),
        (_more_names, r"has weights for 2 outputs .* names 3 \(neg, pos, so\)"),
        (_no_head, r"has no head: classifier\.bias, classifier\.weight are missing"),
        (_body_alone, r"has no head: classifier\.bias, classifier\.weight are missing"),
        (_wrapped("module."), r"names begin with 'module\.'"),
        (_wrapped("_orig_mod."), r"names begin with '_orig_mod\.'"),
        (_wrapped("model.net."), r"names begin with 'model\.net\.'"),
        (_no_layer, r"lacks 16 of 41 weights .* such as bert\.encoder\.layer\.1\."),
        (_fewer_layers, r"has weights of 2 layers, but its config\.json says 1"),
        (_another_width, r"intermediate\.dense\.bias is \[64\] in the file, \[48\] by the config"),
        (_adapter_in_it, r"holds an adapter that was not merged"),
        (_not_numbers(torch.nan), r"not numbers .* in 1 of 41 tensors, such as classifier\.bias"),
        (_not_numbers(torch.inf), r"not numbers .* in 1 of 41 tensors, such as classifier\.bias"),
        (
            _pointer("model.safetensors"),
            r"model\.safetensors is a pointer of Git LFS.*git lfs pull",
        ),
        (_pointer("tokenizer.json"), r"tokenizer\.json is a pointer of Git LFS"),
        (_cut, r"model\.safetensors \([\d,]+ bytes\) is cut or damaged"),
        (_a_page, r"model\.safetensors \(126 bytes\) is cut or damaged"),
        (_empty, r"model\.safetensors \(0 bytes\) is cut or damaged"),
        (_pickled(lambda raw: raw[:-100]), r"pytorch_model\.bin .* is cut or damaged"),
        (_pickled(lambda raw: b""), r"pytorch_model\.bin \(0 bytes\) is cut or damaged"),
        (_pickled(lambda raw: b"\x80\x02ctorch\n_\n"), r"pytorch_model\.bin .* is cut or damaged"),
        (
            _no_shard,
            r"names \d+ files of weights, but model-00002-of-\d+\.safetensors is not there",
        ),
        (_no_index, r"index\.json is no index of weights"),
        (_adapter_alone, r"holds an adapter \(adapter_config\.json\), not the whole network"),
        (_of_tensorflow, r"holds no weights .*tf_model\.h5 is not what Transformers loads"),
    ],
)
def test_weights_that_are_not_the_networks_are_told_with_the_cause(
    folder: Path, spoil: Callable[[Path], None], message: str
) -> None:
    spoil(folder)

    with pytest.raises(TeacherError, match=message):
        find(str(folder))


@pytest.mark.parametrize("save", [_sharded, _pickled(lambda raw: raw)])
def test_weights_in_parts_or_as_a_pickle_are_read(
    folder: Path, save: Callable[[Path], object]
) -> None:
    save(folder)

    assert find(str(folder)).label_names == ("neg", "pos")


def test_weights_that_no_network_reads_any_more_are_no_fault(folder: Path) -> None:
    old = {"bert.embeddings.position_ids": torch.arange(64), "cls.predictions.bias": torch.ones(3)}
    _rewrite(folder, lambda w: w | old)

    assert find(str(folder)).label_names == ("neg", "pos")
