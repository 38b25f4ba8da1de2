"""Laws between cases of the reference numbers hold between our numbers.

They are the laws that the source of the reference numbers knows.
"""

import json
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.paths import TESTS
from tests.reference import MEMBERS

DATA = json.loads((TESTS / "data" / "vectors_small.json").read_text(encoding="utf-8"))
CASES: dict[str, dict[str, Any]] = {c["id"]: c for c in DATA["cases"]}
Law = dict[str, Any]


def inputs(case: str) -> dict[str, Tensor]:
    """In float64."""
    tensors = {k: torch.from_numpy(np.asarray(v)) for k, v in CASES[case]["inputs"].items()}
    return {k: t.double() if t.is_floating_point() else t for k, t in tensors.items()}


def value(case: str) -> Tensor:
    """Our number or array."""
    found: Tensor = MEMBERS[CASES[case]["name"]](inputs(case), CASES[case]["params"])
    return found.detach()


def slope(case: str, name: str = "") -> Tensor:
    """Our gradient; the first one that is stored, if none is named."""
    given = inputs(case)
    wanted = CASES[case]["gradients"]
    leaf = given[wanted[name or next(iter(wanted))]].requires_grad_(True)
    return torch.autograd.grad(MEMBERS[CASES[case]["name"]](given, CASES[case]["params"]), leaf)[0]


def holds(law: Law) -> bool:
    """Whether our numbers obey."""
    near = law.get("tolerance", 0.0)
    match law["type"]:
        case "equal":
            alike = abs(value(law["a"]) - law["scale"] * value(law["b"]) - law["offset"]) <= near
            if "grad" in law:
                one, other = slope(law["a"], law["grad"][0]), slope(law["b"], law["grad"][1])
                alike = alike and bool((one - law["scale"] * other).abs().max() <= near)
            return bool(alike)
        case "constant":
            return bool(abs(value(law["case"]) - law["want"]) <= near)
        case "linear":
            return bool(
                abs(
                    value(law["target"])
                    - law["offset"]
                    - sum(c * value(i) for c, i in law["terms"])
                )
                <= near
            )
        case "limit":
            wanted = law["scale"] * value(law["b"]) + law["offset"]
            return bool(abs(value(law["a"]) - wanted) <= law["relative_tolerance"] * abs(wanted))
        case "upper_bound":
            return bool(value(law["case"]) <= law["bound"] + near)
        case "lower_bound":
            return bool(value(law["case"]) >= law["bound"] - near)
        case "range":
            return bool(law["low"] <= value(law["case"]) <= law["high"])
        case "different":
            return bool(abs(value(law["a"]) - value(law["b"])) >= law["min_gap"])
        case "zero":
            return all(bool(abs(value(i)) <= near) for i in law["cases"])
        case "grad_rows_sum_to_zero":
            return all(bool(slope(i).sum(-1).abs().max() <= near) for i in law["cases"])
        case "grad_zero":
            return all(bool(slope(i).abs().max() <= near) for i in law["cases"])
        case "output_rows_sum":
            return all(
                bool((value(i).sum(-1) - law["to"]).abs().max() <= near) for i in law["cases"]
            )
        case "output_mean":
            return all(bool(abs(value(i).mean() - law["to"]) <= near) for i in law["cases"])
        case "lelp_sum":
            teacher = inputs(law["case"])["teacher_logits"] / CASES[law["case"]]["params"]["T"]
            return bool((value(law["case"]).sum(-1) - teacher.softmax(-1)).abs().max() <= near)
        case "argmax_is_label":
            return all(
                bool((value(i).argmax(-1) == inputs(i)["labels"]).all()) for i in law["cases"]
            )
        case "label_grad_equal":
            place = inputs(law["a"])["labels"].unsqueeze(1)
            return bool(
                (slope(law["a"]).gather(1, place) - slope(law["b"]).gather(1, place)).abs().max()
                <= near
            )
        case "row_scaled_grad":
            return bool(
                (slope(law["a"]) - value(law["factor"]).unsqueeze(1) * slope(law["b"])).abs().max()
                <= near
            )
    raise AssertionError(law["type"])


@pytest.mark.parametrize("law", DATA["laws"], ids=lambda law: law["id"])
def test_the_law_holds(law: Law) -> None:
    assert holds(law), law["statement"]


def test_a_law_that_is_broken_is_seen() -> None:
    law = next(each for each in DATA["laws"] if each["type"] == "equal")

    assert not holds({**law, "offset": law["offset"] + 0.01})
