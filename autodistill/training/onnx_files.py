"""A network as ONNX files that are measured and thrown away, and what such a file costs."""

from pathlib import Path
from typing import Any

import numpy as np
import torch

from autodistill.components.students._passes import inputs_of
from autodistill.runtime.cache import temporary_folder
from autodistill.training.int8 import write_int8_images, write_int8_texts
from autodistill.training.onnx_graph import write_graph
from autodistill.training.onnx_network import Inputs, OnnxNetwork
from autodistill.training.quiet_time import quiet_ms

TRACED_TOKENS = 7
"""Tokens of the example that a network is traced with; any number from 2 on."""
CALIBRATION = 32
"""Images of noise that say how int8 rounds where only size and time count."""


def example(network: Any, tokens: int, batch: int = 1, ends: int = 0, pad_id: int = 0) -> Inputs:
    """Rows of any content: `tokens` tokens each, or images; the last `ends` are padding."""

    if size := getattr(network.config, "image_size", None):
        height, width = (size, size) if isinstance(size, int) else size
        return {"pixel_values": np.zeros((batch, network.config.num_channels, height, width), "f4")}
    ids = np.arange(batch * tokens).reshape(batch, tokens) % network.config.vocab_size
    ids[ids == pad_id] = (pad_id + 1) % network.config.vocab_size
    mask = np.ones_like(ids)
    if ends:
        ids[-1, -ends:], mask[-1, -ends:] = pad_id, 0
    tensors = map(torch.from_numpy, (ids, mask, np.zeros_like(ids)))
    return {name: t.numpy() for name, t in inputs_of(network, *tensors).items()}


def traced(network: Any, pad_id: int = 0) -> Inputs:
    """The example that a network is exported by."""
    return example(network, TRACED_TOKENS, batch=2, ends=3, pad_id=pad_id)


def write_both(network: Any, given: Inputs, home: Path, whose: str) -> tuple[Path, Path]:
    """The float32 file and the int8 file; raises ExportError.

    They are there to be measured: activations of images are calibrated on noise.
    """
    home.mkdir(exist_ok=True)
    whole, small = home / "whole.onnx", home / "small.onnx"
    write_graph(network, given, whole, whose)
    if "pixel_values" not in given:
        write_int8_texts(whole, small)
        return whole, small
    shape = (CALIBRATION, *given["pixel_values"].shape[1:])
    noise = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    write_int8_images(whole, small, [{"pixel_values": noise}], home)
    return whole, small


def onnx_cost(network: Any, tokens: int, *, int8: bool) -> dict[str, float]:
    """size_bytes and latency_ms of an untrained student as a file, on one thread."""
    network.eval()
    with temporary_folder() as home:
        files = write_both(network, traced(network), home / "onnx", "a student of this search")
        file, given = files[int8], example(network, tokens)
        session = OnnxNetwork(file, 1)
        latency = quiet_ms(lambda: session(given))
        return {"size_bytes": file.stat().st_size, "latency_ms": latency}
