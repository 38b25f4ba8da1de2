"""An ONNX file in int8: weights alone for texts, calibrated activations, too, for images.

Weights keep seven of eight bits: processors with AVX2 and no VNNI add two products in 16 bits,
which would overflow with eight. So a file predicts the same wherever it runs.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from autodistill.training.onnx_graph import hushed
from autodistill.training.onnx_network import Inputs

TEXT_OPERATORS = ("MatMul", "Gemm", "Gather", "LSTM")
"""Operators that are rounded for texts; onnxruntime has no int8 convolution over words."""
DYNAMIC = "dynamic: weights int8 per channel, activations by batch"
STATIC = "static: weights int8 per channel, activations uint8 calibrated on {} images"


def write_int8_texts(source: Path, place: Path) -> str:
    """Round the weights of a network for texts; how it was done, for people."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with hushed():
        quantize_dynamic(
            source,
            place,
            op_types_to_quantize=list(TEXT_OPERATORS),
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
        )
    return DYNAMIC


def write_int8_images(source: Path, place: Path, batches: Sequence[Inputs], home: Path) -> str:
    """Round weights and activations of a network for images, as these batches show them."""
    from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Batches(CalibrationDataReader):
        """The batches, one after the other."""

        def __init__(self) -> None:
            self.rest: Iterator[Any] = iter(batches)

        def get_next(self) -> Any:
            """The next batch; None at the end."""
            return next(self.rest, None)

    ready = home / "ready.onnx"
    with hushed():
        quant_pre_process(source, ready, skip_symbolic_shape=True)
        quantize_static(
            ready,
            place,
            Batches(),
            per_channel=True,
            reduce_range=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
        )
    return STATIC.format(sum(len(b["pixel_values"]) for b in batches))
