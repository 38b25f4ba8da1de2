"""Predictions of a written folder, in a process of its own.

`python -m autodistill.deploy.reload FOLDER TOKENS ROWS`
"""

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def predict_rows(network: object, tokens: Path, rows: int) -> NDArray[np.float32]:
    """Logits (rows, classes) of the first rows, in float32: the same bits everywhere.

    One row at a time, on one thread.
    """
    import torch

    from autodistill.components.students._passes import inputs_of
    from autodistill.datasets._tables import open_table

    table, threads = open_table(tokens), torch.get_num_threads()
    torch.set_num_threads(1)
    network.eval()  # type: ignore[attr-defined]
    found = []
    with torch.inference_mode():
        for row in range(rows):
            ids, mask, types = map(torch.from_numpy, table.batch(np.array([row])))
            found.append(
                network(  # type: ignore[operator]
                    **inputs_of(network, ids, mask, types)
                ).logits.numpy()[0]
            )
    torch.set_num_threads(threads)
    return np.stack(found).astype(np.float32)


if __name__ == "__main__":
    from transformers import (
        AutoConfig,
        AutoModelForImageClassification,
        AutoModelForSequenceClassification,
        logging,
    )

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    folder, tokens, rows = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    known = {
        "local_files_only": True,
        "trust_remote_code": True,
    }  # the code is the file that we wrote beside the weights
    kind = AutoConfig.from_pretrained(folder, **known)
    images = any("Image" in name for name in kind.architectures)
    auto = AutoModelForImageClassification if images else AutoModelForSequenceClassification
    model = auto.from_pretrained(folder, **known)
    sys.stdout.buffer.write(predict_rows(model, tokens, rows).tobytes())
