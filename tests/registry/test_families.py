"""Folders as registries.

Listing is light, names are helped along, other packages may add members.
"""

import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from autodistill.errors import SpecError
from autodistill.registry import families
from autodistill.registry.ranges import Knob, OneOf, Real

THIRD_PARTY = '''"""Whatever the neighbour does.

Idea     One thing
         on two lines.
"""

from typing import Annotated

from autodistill.registry.ranges import Real


class Neighbour:
    kind = "hard"

    def __init__(self, *, strength: Annotated[float, Real(0.0, 2.0)] = 1.0) -> None:
        self.strength = strength
'''


@pytest.fixture
def neighbour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another package that adds the loss `neighbour`."""
    (tmp_path / "the_neighbour.py").write_text(THIRD_PARTY)
    monkeypatch.syspath_prepend(tmp_path)
    entry = EntryPoint("neighbour", "the_neighbour", "autodistill.losses")
    monkeypatch.setattr(families, "of_packages", lambda: EntryPoints([entry]))
    families.names.cache_clear()
    families.card.cache_clear()
    yield
    families.names.cache_clear()
    families.card.cache_clear()


def test_listing_every_member_of_every_family_imports_no_torch() -> None:
    code = (
        "import sys; from autodistill.registry import families as f\n"
        "cards = [f.card(k, n) for k in f.FAMILIES for n in f.names(k)]\n"
        "assert len(cards) > 15, cards\n"
        "print(sorted({'torch', 'transformers', 'lightning', "
        "'optuna', 'pandas', 'numpy'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_every_folder_is_a_listed_family_and_every_member_has_a_summary_and_a_class() -> None:
    for kind in families.FAMILIES:
        for name in families.names(kind):
            card = families.card(kind, name)
            assert card.summary, f"{kind}/{name} has no first line"
            assert card.class_name, f"{kind}/{name} has no class"
            assert (
                families.check(kind, name, {k: knob.default for k, knob in card.knobs.items()})
                == []
            )


def test_the_family_metrics_has_exactly_its_files_without_underscore() -> None:
    assert families.names("metrics") == (
        *("accuracy", "agreement", "f1", "macro_f1", "matthews", "pearson"),
    )


def test_an_unknown_name_is_answered_with_a_near_one() -> None:
    with pytest.raises(
        SpecError, match=r"unknown loss 'mi_alfa'; there is: .*Did you mean 'mi_alpha'\?"
    ):
        families.card("losses", "mi_alfa")


def test_a_name_like_none_of_ours_gets_the_list_and_no_guess() -> None:
    with pytest.raises(
        SpecError,
        match=r"unknown mapping 'zzz'; there is: "
        r"emd, last, last_only, skip, spectral, topk_nearest\.$",
    ):
        families.card("mappings", "zzz")


def test_a_card_carries_labels_knobs_and_facts() -> None:
    card = families.card("losses", "mi_alpha")

    assert card.summary == "Lower bound on the mutual information of two layers"
    assert card.labels["Source"].startswith("He et al. 2021, arXiv:2109.11105")
    assert set(card.labels) == {"Source", "Idea", "Inputs", "Units", "Differs"}
    assert card.labels["Idea"].endswith("small values trust the learned baseline more.")
    assert card.knobs == {
        "alpha": Knob("alpha", Real(0.05, 1.0), 0.9),
        "hidden": Knob("hidden", OneOf(128, 256, 512), 128),
        "rate": Knob("rate", Real(1.0, 10.0, log=True), 1.0),
    }
    assert card.traits["needs"] == frozenset({"pooled"})
    assert card.traits["rescale"] is False


def test_a_built_member_has_the_given_values_and_defaults_elsewhere() -> None:
    made = families.build("losses", "mi_alpha", {"alpha": 0.5})

    assert (made.alpha, made.hidden) == (0.5, 128)


def test_building_with_wrong_knobs_names_every_one() -> None:
    with pytest.raises(SpecError) as caught:
        families.build("losses", "kl", {"temp": 2.0, "temperature": 1000.0})

    assert len(caught.value.problems) == 2
    assert "has no knob 'temp'; it has temperature" in caught.value.problems[0]
    assert "knob 'temperature': 1000.0 is outside" in caught.value.problems[1]


def test_a_check_says_where_the_values_stand() -> None:
    assert families.check("losses", "kl", {"temp": 2.0}, "my.toml")[0].endswith("(my.toml)")


@pytest.mark.usefixtures("neighbour")
def test_another_package_adds_a_member_through_an_entry_point() -> None:
    card = families.card("losses", "neighbour")

    assert families.names("losses")[-1] == "neighbour"
    assert card.labels == {"Idea": "One thing on two lines."}
    assert families.build("losses", "neighbour", {"strength": 2.0}).strength == 2.0
    assert "outside 0 to 2" in families.check("losses", "neighbour", {"strength": 3.0})[0]


@pytest.mark.usefixtures("neighbour")
def test_an_entry_point_without_its_module_names_the_module(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lost = EntryPoint("lost", "no_such_module_here", "autodistill.losses")
    monkeypatch.setattr(families, "of_packages", lambda: EntryPoints([lost]))

    with pytest.raises(
        SpecError, match="losses 'lost': its package names the module no_such_module_here"
    ):
        families.card("losses", "lost")
