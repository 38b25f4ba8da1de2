"""Predict with a written folder in a process of its own: `python -m autodistill.export.reload FOLDER TOKENS ROWS`."""

import os
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def predict_rows(network: object, tokens: Path, rows: int) -> NDArray[np.float32]:
    """Logits (rows, classes) of the first rows, one at a time, on one thread, in float32: the same bits everywhere."""
    import torch

    from autodistill.arrays import TokenTable

    table, threads = TokenTable.open(tokens), torch.get_num_threads()
    torch.set_num_threads(1)
    network.eval()  # type: ignore[attr-defined]
    found = []
    with torch.inference_mode():
        for row in range(rows):
            ids, mask, types = map(torch.from_numpy, table.batch(np.array([row])))
            inputs = {"input_ids": ids, "attention_mask": mask}
            if getattr(network.config, "type_vocab_size", 0) > 1:  # type: ignore[attr-defined]
                inputs["token_type_ids"] = types
            found.append(network(**inputs).logits.numpy()[0])  # type: ignore[operator]
    torch.set_num_threads(threads)
    return np.stack(found).astype(np.float32)


if __name__ == "__main__":
    os.environ["HF_HUB_OFFLINE"] = "1"
    from transformers import AutoModelForSequenceClassification, logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    folder, tokens, rows = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    model = AutoModelForSequenceClassification.from_pretrained(folder, local_files_only=True)
    sys.stdout.buffer.write(predict_rows(model, tokens, rows).tobytes())
