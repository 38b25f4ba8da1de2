"""The slots of a pipeline: declared once, by the families that fill them."""

import ast
from pathlib import Path

import pytest

from autodistill.registry import families
from autodistill.registry.slots import slots
from autodistill.study.pipeline import NONE, Part, Pipeline, Term
from autodistill.study.space_file import members
from tests.paths import ROOT

PACKAGE = ROOT / "autodistill"
PLAIN = Pipeline(Part("cut"), (Term(Part("ce"), 1.0),), Part("adamw"))


def test_the_slots_stand_in_their_order() -> None:
    orders = [slot.order for slot in slots().values()]

    assert orders == sorted(set(orders))


@pytest.mark.parametrize("name", slots())
def test_a_slot_has_a_default_that_can_fill_it(name: str) -> None:
    slot = slots()[name]

    assert slot.default in members(slot) or (slot.optional and slot.default == "none")
    assert {*slot.needs, *slot.bars} <= slots().keys() - {name}


def test_no_module_lists_the_stages_a_second_time() -> None:
    stages = set(slots("stage"))
    lists = [
        (path.name, node.lineno)
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict)
        and len(stages & _words(node)) >= 2 * len(stages) / 3
    ]

    assert lists == []


def _words(node: ast.Tuple | ast.List | ast.Set | ast.Dict) -> set[str]:
    items = node.keys if isinstance(node, ast.Dict) else node.elts
    return {n.value for n in items if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def test_a_pipeline_refuses_a_stage_that_no_family_declares() -> None:
    with pytest.raises(ValueError, match="no mix_up"):
        PLAIN.with_stages(mix_up=Part("embedding"))


def test_a_stage_that_is_emptied_leaves_the_key_as_it_was() -> None:
    filled = PLAIN.with_stages(mixup=Part("embedding"))

    assert filled.key != PLAIN.key
    assert filled.with_stages(mixup=NONE).key == PLAIN.key


def test_a_trait_that_is_no_literal_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = tmp_path / "odd.py"
    member.write_text('"""Odd."""\n\nKINDS = ("a",)\n\n\nclass Odd:\n    known = (*KINDS, "b")\n')
    monkeypatch.setattr(families, "names", lambda family: ("odd",))
    monkeypatch.setattr(families, "_source", lambda family, name: member)

    with pytest.raises(families.SpecError, match=r"'known' is \(\*KINDS, 'b'\), which is no lit"):
        families.card.__wrapped__("losses", "odd")
