"""No member of any family leaves a tensor on the CPU when its training is on a card."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.devices.card_cases import names
from tests.paths import ROOT

SLOW = pytest.mark.slow
LEFT_BEHIND = """
import torch
from tests.devices.fake_card import CARD, add_the_device, fake_card, moving

class Loss(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.centre = torch.ones(3)
        self.register_buffer("other", torch.ones(3), persistent=False)

add_the_device()
loss = Loss()
with fake_card([]):
    with moving():
        loss.to(CARD)
    x = torch.zeros(2, 3, device=CARD)
    print((x + loss.other).device)
    for stays in (lambda: x + loss.centre, lambda: loss.centre.to(x), lambda: x + torch.ones(3)):
        try:
            print(stays())
        except (AssertionError, RuntimeError):
            print("refused")
"""


def in_a_process(*words: str) -> str:
    """The output of Python in a process of its own: the card stays in it to its end."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, *words]
    ran = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.mark.parametrize(
    "cases",
    [pytest.param(names()[::3], id="a third"), pytest.param(names(), id="all", marks=SLOW)],
)
def test_every_member_computes_on_the_card(cases: list[str], tmp_path: Path) -> None:
    found = json.loads(in_a_process("-m", "tests.devices.on_card", str(tmp_path), *cases))

    assert found.keys() == set(cases)
    assert {case: error for case, error in found.items() if error} == {}


def test_a_tensor_that_stays_behind_is_found() -> None:
    assert in_a_process("-c", LEFT_BEHIND).split() == ["card:0", "refused", "refused", "refused"]
