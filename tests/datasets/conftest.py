"""Small data files, and a hub that is never asked."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

Rows = list[dict[str, Any]]
Writer = Callable[..., Path]


def rows_of(count: int, classes: int = 2, *, start: int = 0) -> Rows:
    """Different texts, labels in turn."""
    return [{"text": f"text number {start + i}", "label": i % classes} for i in range(count)]


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    """Write rows as the suffix says: write("a.jsonl", rows)."""

    def writer(name: str, rows: Rows | str | bytes, metadata: dict[str, Any] | None = None) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(rows, bytes | str):
            path.write_bytes(rows if isinstance(rows, bytes) else rows.encode())
        elif path.suffix == ".parquet":
            table = pa.Table.from_pylist(rows)
            pq.write_table(
                table.replace_schema_metadata({"huggingface": json.dumps(metadata)})
                if metadata
                else table,
                path,
            )
        elif path.suffix == ".jsonl":
            path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        else:
            mark = "\t" if path.suffix == ".tsv" else ","
            lines = [mark.join(rows[0]), *(mark.join(map(str, row.values())) for row in rows)]
            path.write_text("\n".join(lines) + "\n")
        return path

    return writer


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import datasets
    import huggingface_hub

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
