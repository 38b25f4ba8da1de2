"""Registered members: found like files, checked like files, there in another process."""

import pickle
import subprocess
import sys
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from torch import Tensor

from autodistill.components.losses import FeatureLoss, RowLoss
from autodistill.errors import SpecError
from autodistill.registry import families, registered
from autodistill.registry.ranges import Knob, Real


class Distance(RowLoss):
    """Distance of the logits, to a power.

    Source   this test.
    """

    kind = "logit"
    needs = frozenset({"logits"})
    at_match = "zero"

    def __init__(self, *, power: Annotated[float, Real(1.0, 3.0)] = 2.0) -> None:
        super().__init__()
        self.power = power

    def rows(self, student: Tensor, teacher: Tensor, labels: Tensor) -> Tensor:
        return (student - teacher).abs().pow(self.power).mean(1)


class Wrong(RowLoss):
    kind = "logits"  # type: ignore[assignment]
    needs = frozenset({"logits"})

    def __init__(self, factor: float, *, power: Annotated[float, Real(1.0, 3.0)] = 9.0) -> None:
        super().__init__()


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    yield
    families.REGISTERED.clear()
    registered._forget()


def test_a_registered_class_is_found_as_a_member_is() -> None:
    assert registered.register("losses", Distance) is Distance

    card = families.card("losses", "distance")
    assert "distance" in families.names("losses")
    assert families.get("losses", "distance") is Distance
    assert families.build("losses", "distance", {"power": 1.5}).power == 1.5
    assert card.summary == "Distance of the logits, to a power"
    assert card.labels == {"Source": "this test."}
    assert card.knobs == {"power": Knob("power", Real(1.0, 3.0), 2.0)}
    assert card.traits == {"kind": "logit", "needs": frozenset({"logits"}), "at_match": "zero"}


def test_its_values_are_checked_as_a_members_are() -> None:
    registered.register("losses", Distance)

    assert families.check("losses", "distance", {"power": 7.0, "x": 1}) == [
        "losses 'distance', knob 'power': 7.0 is outside 1 to 3.",
        "losses 'distance' has no knob 'x'; it has power.",
    ]


def test_a_class_without_source_has_the_same_card() -> None:
    made: dict[str, Any] = {}
    code = (
        "class Typed(Base):\n    'A typed class.'\n"
        "    kind, needs, at_match = 'logit', frozenset({'logits'}), 'zero'\n"
    )
    exec(code, {"Base": Distance}, made)

    registered.register("losses", made["Typed"])

    assert families.card("losses", "typed").traits["kind"] == "logit"


def test_every_problem_of_a_class_is_named_at_once() -> None:
    with pytest.raises(SpecError) as caught:
        registered.register("losses", Wrong)

    text = str(caught.value)
    assert "lacks the method rows" in text
    assert "kind is 'logits'; it is one of hard, logit, feature" in text
    assert "lacks the class attribute at_match" in text
    assert "'factor' has to be keyword-only" in text
    assert "the default of 'power': 9.0 is outside 1 to 3" in text
    assert "wrong" not in families.names("losses")


@pytest.mark.parametrize(
    ("family", "member", "name", "told"),
    [
        ("loses", Distance, "", "unknown family 'loses'.*Did you mean 'losses'"),
        ("losses", Distance(), "", "takes a class"),
        ("losses", Distance, "kl", "of this name is there already"),
        ("losses", Distance, "my loss", "no word of letters"),
        ("mappings", Distance, "", "does not derive from autodistill.components.mappings"),
        ("losses", FeatureLoss, "own", "lacks the method"),
    ],
)
def test_what_cannot_be_a_member_is_refused(family: str, member: Any, name: str, told: str) -> None:
    with pytest.raises(SpecError, match=told):
        registered.register(family, member, name=name)


def test_a_cell_can_be_run_again() -> None:
    registered.register("losses", Distance)

    again = type("Distance", (Distance,), {"__doc__": "Another.", **dict(vars(Distance))})
    registered.register("losses", again)

    assert families.get("losses", "distance") is again
    assert families.names("losses").count("distance") == 1


def test_a_class_of_main_is_built_in_another_process() -> None:
    namespace: dict[str, Any] = {"__name__": "__main__", "Distance": Distance}
    exec(
        "class Mine(Distance):\n    kind = 'logit'\n"
        "    needs = frozenset()\n    at_match = 'zero'\n",
        namespace,
    )
    registered.register("losses", namespace["Mine"])
    code = (
        "import pickle, sys; from autodistill.registry import families, registered\n"
        "registered.unpack(pickle.load(sys.stdin.buffer))\n"
        "print(type(families.build('losses', 'mine', {})).__name__)"
    )

    ran = subprocess.run(
        [sys.executable, "-c", code],
        input=pickle.dumps(registered.pack()),
        capture_output=True,
        check=False,
    )

    assert ran.stdout.decode().strip() == "Mine", ran.stderr.decode()


def test_nothing_is_sent_where_nothing_is_registered() -> None:
    assert registered.pack() == b""


@pytest.mark.parametrize("name", ["HiddenCE", "KL", "MyLoss", "MyOwnLoss2"])
def test_a_name_in_snake_case_is_a_word(name: str) -> None:
    expected = {
        "HiddenCE": "hidden_ce",
        "KL": "kl",
        "MyLoss": "my_loss",
        "MyOwnLoss2": "my_own_loss2",
    }

    assert registered.snake_case(name) == expected[name]


def test_every_family_has_a_base_class_that_its_members_share() -> None:
    odd = {
        f: n
        for f in families.FAMILIES
        for n in families.names(f)
        if not issubclass(families.get(f, n), registered._root(f))
    }

    assert odd == {}


def test_components_of_a_family_are_cards_by_name() -> None:
    assert registered.components("losses")["kl"].knobs["temperature"].default == 4.0
