"""Good files from which the damaged ones are made."""

import csv
from pathlib import Path

import pandas as pd

from tests.bad_input.page import good_files
from tests.fakes import sentences


def make_good(folder: Path) -> Path:
    """Data in four formats, probabilities, teacher, space, recipe, and a published study."""
    good_files(folder)
    rows = sentences(400)
    table = pd.DataFrame(rows[:60], columns=["text", "label"])
    table.to_csv(folder / "reviews.tsv", sep="\t", index=False)
    table.to_json(folder / "reviews.jsonl", orient="records", lines=True)
    table.to_parquet(folder / "reviews.parquet")
    for name, mark in (("soft.csv", ","), ("soft.tsv", "\t")):
        with (folder / name).open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream, delimiter=mark)
            writer.writerow(["text", "neg", "pos"])
            writer.writerows([t, *((0.9, 0.1) if y == "neg" else (0.1, 0.9))] for t, y in rows)
    return folder
