"""The command line of the measurements."""

import json
import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer

HELP = "What autodistill costs, and how far its answers hold. The last line on standard output is JSON."
app = typer.Typer(help=HELP, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False, rich_markup_mode=None)


@app.callback()
def main() -> None:
    """Measurements that anyone can run."""


@app.command()
def ties(studies: Annotated[int, typer.Option(min=1)] = 500, seed: int = 0, lift: float = 0.3) -> None:
    """Does the answer tell noise from difference, over simulated studies with a known truth?"""
    from benchmarks.ties import ties as measure

    finish("ties", {"studies": studies, "seed": seed, "lift": lift, **measure(studies, seed, lift)})


@app.command(name="search-ties")
def search_ties(studies: Annotated[int, typer.Option(min=1)] = 50, seed: int = 0, lift: float = 0.45, trials: int = 30) -> None:
    """The same through the whole search: sampler, early stopping, controls, repeats, database. About four minutes."""
    from benchmarks.search_ties import search_ties as measure

    asked = {"studies": studies, "seed": seed, "lift": lift, "trials": trials}
    finish("search-ties", asked | dict(measure(studies, seed, lift, trials)))


def finish(name: str, figures: dict[str, Any]) -> None:
    """Close with one line of JSON."""
    typer.echo(json.dumps({"benchmark": name, **figures, "machine": machine(), "versions": {n: version(n) for n in ("numpy", "torch")}}))


def machine() -> dict[str, Any]:
    """Cores that this process may use, and the CPU's model."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.processor())
    return {"cores": len(os.sched_getaffinity(0)), "cpu": model}


if __name__ == "__main__":
    app()
