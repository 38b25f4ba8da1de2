"""Output of the measurements."""

import json
import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer

DataRoot = Annotated[Path | None, typer.Option(help="Folder with datasets in the hub's layout.")]
"""The option that names local copies of datasets."""


def say(text: str) -> None:
    """Print a line of progress for people."""
    typer.echo(text, err=True)


def finish(name: str, figures: dict[str, Any]) -> None:
    """Print the figures as one line of JSON."""
    typer.echo(
        json.dumps(
            {
                "benchmark": name,
                **figures,
                "machine": machine(),
                "versions": {n: version(n) for n in ("numpy", "torch")},
            }
        )
    )


def machine() -> dict[str, Any]:
    """Number of cores that this process may use, and the CPU's model."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    model = next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")),
        platform.processor(),
    )
    return {"cores": len(os.sched_getaffinity(0)), "cpu": model}
