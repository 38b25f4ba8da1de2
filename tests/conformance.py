"""Compares the members with reference numbers: `python tests/conformance.py VECTORS.json`.

The file holds {"cases": [...]}; a case has id, name, params, inputs, expect (value, output,
gradients by name) with absolute tolerances. Refusing a case that is marked degenerate is a pass.
Exit code 1 when a case fails.
"""

import json
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

sys.path.append(str(Path(__file__).parents[1]))  # a checkout that is not installed

from autodistill.errors import SpecError
from tests.reference import MEMBERS

Case = Mapping[str, Any]

BY_CHOICE = {
    "soft_ce": "value_zero_based",
    "ranknet": "value_zero_based",
    "affinity": "value_zero_based",
    "affinity_bank": "value_zero_based",
}
"""Names whose numbers we define otherwise than the file: decisions/0012 and 0027.

Each has the stored alternative that it is compared with.
"""
OTHERWISE = frozenset({"inherit_layers/uniform/5of12", "inherit_layers/uniform/3of8"})
"""Cases whose number we define otherwise and that hold no other: decisions/0027."""


def differences(case: Case) -> list[str]:
    """The faults of our numbers in this case; empty means that it passes."""
    try:
        got = MEMBERS[case["name"]](_inputs(case, half=True), case["params"])
        slopes = _slopes(case)
    except (ValueError, SpecError) as error:
        return [] if case.get("degenerate") else [f"refused: {error}"]
    want = case["expect"]
    if "output" in want:
        return _differ("output", got, want["output"], case["output_tolerance"])
    found = _differ("value", got, want[BY_CHOICE.get(case["name"], "value")], case["tolerance"])
    for name, slope in slopes.items():
        found += _differ(name, slope, want[name], case["grad_tolerance"])
    return found


def run(cases: list[Case]) -> tuple[int, dict[str, list[str]], Counter[str]]:
    """How many passed; what is wrong by case id; how many cases of each name have no member."""
    known = [c for c in cases if c["name"] in MEMBERS and c["id"] not in OTHERWISE]
    failed = {c["id"]: found for c in known if (found := differences(c))}
    return (
        len(known) - len(failed),
        failed,
        Counter(c["name"] for c in cases if c["name"] not in MEMBERS),
    )


def main(path: str) -> int:
    """Print the comparison; 1 when a case fails."""
    cases = json.loads(Path(path).read_text(encoding="utf-8"))["cases"]
    passed, failed, absent = run(cases)
    for name, count in sorted(absent.items()):
        print(f"absent  {name} ({count})")
    for key, found in failed.items():
        print(f"FAILED  {key}: {'; '.join(found)}")
    chosen = Counter(c["name"] for c in cases if c["name"] in BY_CHOICE)
    for name, count in sorted(chosen.items()):
        print(f"by choice  {name} ({count}): compared with {BY_CHOICE[name]}")
    apart = [c["id"] for c in cases if c["id"] in OTHERWISE]
    for key in apart:
        print(f"by choice  {key}: not compared")
    print(f"{chosen.total() + len(apart)} by choice")
    print(f"{len(absent)} names absent, {absent.total()} cases")
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed else 0


def _inputs(case: Case, half: bool = False) -> dict[str, Tensor]:
    """Tensors of a case, in the precision that it asks for.

    They are float16 where the case says so and `half`, since a gradient in half precision would be
    rounded.
    """
    wide = torch.float64 if case.get("needs_float64") else torch.float32
    real = torch.float16 if half and case.get("input_dtype") == "float16" else wide
    tensors = {k: torch.from_numpy(np.asarray(v)) for k, v in case["inputs"].items()}
    return {k: t.to(real) if t.is_floating_point() else t for k, t in tensors.items()}


def _slopes(case: Case) -> dict[str, Tensor]:
    if not case.get("gradients"):
        return {}
    given = _inputs(case)
    leaves = [given[k].requires_grad_(True) for k in case["gradients"].values()]
    value = MEMBERS[case["name"]](given, case["params"])
    return dict(zip(case["gradients"], torch.autograd.grad(value.sum(), leaves)))


def _differ(what: str, got: Tensor, want: Any, tolerance: float) -> list[str]:
    expected = torch.tensor(want, dtype=torch.float64)
    if got.shape != expected.shape:
        return [f"{what} has shape {list(got.shape)} instead of {list(expected.shape)}"]
    gap = (got.detach().double() - expected).abs().max().item()
    return [] if gap <= tolerance else [f"{what} is off by {gap:.3g}, tolerance {tolerance:g}"]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python tests/conformance.py VECTORS.json")
    sys.exit(main(sys.argv[1]))
