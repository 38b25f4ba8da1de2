"""Files of texts and labels."""

import gzip
import json
from pathlib import Path

from tests.bad_input.case import Case

LINES = "".join(f"text {i},{'ab'[i % 2]}\n" for i in range(40))
GOOD = "text,label\n" + LINES
ROWS = [{"text": f"text {i}", "label": "ab"[i % 2]} for i in range(40)]
JSONL = "".join(json.dumps(row) + "\n" for row in ROWS)
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 12345\n"


def _case(what: str, content: str | bytes, name: str = "data.csv", more: str = "") -> Case:
    return Case(what, f"search --dataset {name} --teacher teacher{more}", {name: content})


def _parquet(path: Path, **columns: object) -> None:
    import pandas as pd

    pd.DataFrame(columns).to_parquet(path)


CASES = (
    _case("an empty file", ""),
    _case("a header without rows", "text,label\n"),
    _case("no label column", "text,note\n" + LINES),
    _case("one class only", GOOD.replace(",b", ",a")),
    _case("an empty text", GOOD.replace("text 1,", " ,")),
    _case("three rows", "text,label\nx,a\ny,b\nz,a\n"),
    _case("a line of too few fields", GOOD + "only one field\n"),
    _case("a line of too many fields", GOOD + "one,two,three,four\n"),
    _case(
        "labels that are all different",
        "text,label\n" + "".join(f"text {i},{i}\n" for i in range(40)),
    ),
    _case("a column that stands twice", "text,text,label\n" + LINES.replace(",", ",x,")),
    _case("a quote that is never closed", GOOD + '"and so on,a\n' + LINES),
    _case("an Excel file named .csv", b"PK\x03\x04" + bytes(200)),
    _case("a pickle named .csv", b"\x80\x04\x95" + bytes(200)),
    _case("a Git LFS pointer in place of a table", POINTER),
    _case("a Git LFS pointer in place of parquet", POINTER, "data.parquet"),
    _case("a cut parquet file", b"PAR1" + bytes(100), "data.parquet"),
    _case("a CSV named .parquet", GOOD, "data.parquet"),
    _case("a CSV named .jsonl", GOOD, "data.jsonl"),
    _case("a line of JSON that is cut", JSONL + '{"text": "so', "data.jsonl"),
    _case("a list in place of an object", JSONL + "[1, 2]\n", "data.jsonl"),
    _case("a JSON row without a label", JSONL + '{"text": "so"}\n', "data.jsonl"),
    _case("a text that is a list", JSONL.replace('"text 3"', '["text 3"]'), "data.jsonl"),
    _case("an array that is cut", json.dumps(ROWS)[:-1], "data.json"),
    _case("a gzip file that is cut", gzip.compress(GOOD.encode(), mtime=0)[:-30], "data.csv.gz"),
    _case("bytes of no encoding", b"text,label\n" + bytes(range(128, 256)) * 9 + GOOD.encode()),
    _case("no header line", LINES),
    _case(
        "several labels a row, as columns of 0 and 1",
        "text,food,work,home\n"
        + "".join(f"text {i},{i % 2},{i % 3 // 2},{(i + 1) % 2}\n" for i in range(40)),
    ),
    Case(
        "a folder without a train split",
        "search --dataset data --teacher teacher",
        {"data/learn.csv": GOOD, "data/exam.csv": GOOD},
    ),
    Case(
        "an empty folder",
        "search --dataset data --teacher teacher",
        {"data": lambda path: path.mkdir()},
    ),
    Case(
        "splits of different classes",
        "search --dataset data --teacher teacher",
        {"data/train.csv": GOOD, "data/test.csv": GOOD.replace(",b", ",c")},
    ),
    Case(
        "splits of different columns",
        "search --dataset data --teacher teacher",
        {"data/train.csv": GOOD, "data/test.csv": GOOD.replace("text,label", "phrase,class", 1)},
    ),
    Case(
        "a parquet file whose labels are lists",
        "search --dataset d.parquet --teacher teacher",
        {
            "d.parquet": lambda path: _parquet(
                path, text=[f"text {i}" for i in range(40)], label=[[i % 2] for i in range(40)]
            )
        },
    ),
    Case(
        "a parquet file whose texts are bytes",
        "search --dataset d.parquet --teacher teacher",
        {
            "d.parquet": lambda path: _parquet(
                path, text=[b"\xff\xfe"] * 40, label=[i % 2 for i in range(40)]
            )
        },
    ),
)
