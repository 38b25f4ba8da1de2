import copy
import json
import runpy
from pathlib import Path
from typing import Any

import pytest

from tests.paths import TESTS

VECTORS = TESTS / "data" / "vectors_small.json"
CASES: list[dict[str, Any]] = json.loads(VECTORS.read_text(encoding="utf-8"))["cases"]
CONFORMANCE = runpy.run_path(str(TESTS / "conformance.py"))
differences, main = (CONFORMANCE[name] for name in ("differences", "main"))


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["id"])
def test_value_and_gradient_agree_with_the_reference(case: dict[str, Any]) -> None:
    assert differences(case) == []


def test_every_member_of_the_program_has_a_case_here() -> None:
    assert {c["name"] for c in CASES} == set(CONFORMANCE["MEMBERS"])


def test_the_program_closes_with_its_count(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(str(VECTORS)) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == f"{len(CASES)} passed, 0 failed"
    assert (
        f"by choice  ranknet ({sum(c['name'] == 'ranknet' for c in CASES)}): "
        f"compared with value_zero_based" in lines
    )


def test_a_name_without_a_member_is_absent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "vectors.json"
    path.write_text(
        json.dumps({"cases": [{"id": "x/1", "name": "x"}, {"id": "x/2", "name": "x"}]}),
        encoding="utf-8",
    )

    assert main(str(path)) == 0

    assert "absent  x (2)" in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("field", ["value", "grad_student"])
def test_a_wrong_number_fails_by_name(
    field: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = copy.deepcopy(next(c for c in CASES if c["id"] == "kl/c3b8/T4"))
    case["expect"][field] = case["expect"]["value"] + 1 if field == "value" else [[0.0] * 3] * 8
    path = tmp_path / "vectors.json"
    path.write_text(json.dumps({"cases": [case]}), encoding="utf-8")

    assert main(str(path)) == 1

    out = capsys.readouterr().out
    assert f"FAILED  kl/c3b8/T4: {field} is off by" in out
    assert out.endswith("\n0 passed, 1 failed\n")


def test_only_a_degenerate_case_may_be_refused() -> None:
    deep = {
        "id": "x",
        "name": "map_last",
        "params": {"n_student": 5, "n_teacher": 4, "feature": "hidden"},
        "inputs": {},
        "expect": {},
    }

    assert differences({**deep, "degenerate": "the student is deeper"}) == []
    assert differences(deep)[0].startswith("refused: a student of 5 layers")
