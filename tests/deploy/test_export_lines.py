"""Lines of `autodistill export` about the files that it wrote."""

from pathlib import Path

from autodistill.deploy.export import lines
from autodistill.training.onnx_graph import OPSET


def test_no_file_is_said_to_have_no_bytes() -> None:
    told = lines(
        Path("student"),
        {
            "files": {
                "model.onnx": {
                    "bytes": 12_345,
                    "largest_logit_difference": 1e-6,
                    "agreement": 1.0,
                    "score_before": None,
                }
            },
            "inputs": [{"name": "input_ids", "shape": ["batch", "tokens"]}],
            "outputs": [{"name": "logits", "shape": ["batch", 2]}],
            "opset": OPSET,
            "compared_on": {"source": "reviews.csv"},
        },
    )

    assert told[0].startswith("model.onnx: 12.3 KB, largest logit difference 1e-06")
