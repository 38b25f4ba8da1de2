"""Zero-copy loading: a classifier whose tensors are views of the mapped file.

A trial keeps some of a teacher's layers and some of its words; the rest is never read from disk.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from autodistill.components.students._networks import read_config, unset


def mapped_classifier(folder: Path, classes: int = 0) -> Any:
    """The classifier in a folder, with tensors in the mapped file, or None.

    None where Transformers would convert, tie or create tensors. `classes` 0: as many outputs as
    it has.
    """
    from safetensors import safe_open

    if find_spec("transformers.initialization") is None:  # missing in some releases
        return None
    weights = folder / "model.safetensors"
    config = read_config(folder, **({"num_labels": classes} if classes else {}))
    if not weights.exists() or hasattr(config, "quantization_config"):
        return None
    model = unset(config)
    wanted = model.state_dict(keep_vars=True)
    with safe_open(weights, framework="pt") as file:
        if model.all_tied_weights_keys or not wanted.keys() <= set(file.keys()):
            return None
        found = {name: file.get_tensor(name) for name in wanted}
    if any(found[name].shape != tensor.shape for name, tensor in wanted.items()):
        return None
    for name, tensor in wanted.items():
        tensor.data = found[name].to(tensor.dtype)
    return model.eval()
