"""Evidence with a known truth: two choices help everywhere, one helps on large datasets only."""

import numpy as np
import pandas as pd

from autodistill.recommend.evidence import Evidence


def planted(datasets: int = 6, pipelines: int = 40, noise: float = 0.02, seed: int = 0) -> Evidence:
    """Score = 2 a + b + 3 c (large - 1/2) + noise, on a scale of its own for each dataset."""
    draw = np.random.default_rng(seed)
    choices = draw.integers(0, 2, (pipelines, 3)).astype(float)
    frames, names, keys, scores = [], [], [], []
    for d in range(datasets):
        large = float(d % 2)
        frames.append(
            pd.DataFrame(choices, columns=["a", "b", "c"]).assign(large=large, other=draw.random())
        )
        value = choices @ [2.0, 1.0, 3 * (large - 0.5)] + noise * draw.normal(size=pipelines)
        scores.append(0.5 + 0.01 * (d + 1) * value)
        names += [f"d{d}"] * pipelines
        keys += ["".join(str(int(x)) for x in row) + f"-{i}" for i, row in enumerate(choices)]
    return Evidence(
        pd.concat(frames, ignore_index=True),
        np.array(names),
        np.array(keys),
        np.concatenate(scores),
        ("large", "other"),
    )
