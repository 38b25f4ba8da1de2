"""Query, key and value projections of a transformer's attention."""

from torch import nn

NAMES = (
    ("query", "q_lin", "q_proj", "query_proj"),
    ("key", "k_lin", "k_proj", "key_proj"),
    ("value", "v_lin", "v_proj", "value_proj"),
)
"""Module names of the query, key and value projections in Transformers."""


def attention_maps(layer: nn.Module) -> list[nn.Module]:
    """The query, key and value projections that a layer has."""
    by_name = {
        name.rpartition(".")[2]: module
        for name, module in layer.named_modules()
        if isinstance(module, nn.Linear)
    }
    return [
        next(by_name[n] for n in names if n in by_name)
        for names in NAMES
        if any(n in by_name for n in names)
    ]
