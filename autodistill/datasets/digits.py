"""Handwritten digits of 8 by 8 pixels, from scikit-learn: needs no network.

1,797 images of Alpaydin and Kaynak 1998 (UCI, Optical Recognition of Handwritten Digits), its
test part.
"""

import numpy as np

from autodistill.datasets._images import named
from autodistill.datasets._source import RawSplit, ReadOptions, Source, Splits
from autodistill.errors import SpecError

WHITE = 16


class Digits(Source):
    """The images of sklearn.datasets.load_digits."""

    known = ("digits",)

    def claims(self, dataset: str) -> bool:
        """The name digits."""
        return dataset == "digits"

    def read(self, dataset: str, options: ReadOptions) -> Splits:
        """All images as one train split."""
        from sklearn.datasets import load_digits

        if options.columns:
            raise SpecError(
                f"dataset '{dataset}' has no columns to choose: "
                f"leave out {', '.join(options.columns.values())}."
            )
        found = load_digits()
        grey = np.round(found.images * (255 / WHITE)).astype(np.uint8)
        images = list(np.repeat(grey[..., None], 3, axis=3))
        train = RawSplit(
            [named(i) for i in images],
            None,
            found.target.tolist(),
            "scikit-learn's digits",
            range(1, len(images) + 1),
            images=images,
        )
        return Splits(
            {"train": train}, "scikit-learn's digits", tuple(map(str, found.target_names))
        )
