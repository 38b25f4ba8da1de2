"""At least 200 random inputs in `make test`, 2,000 in `make long`."""

from pathlib import Path

import pytest

from tests.fuzz import files, folders, words
from tests.fuzz.area import Area, fuzz
from tests.fuzz.good import make_good

AREAS = (*files.AREAS, *folders.AREAS, *words.AREAS)
QUICK, SLOW = 25, 250


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of good files."""
    return make_good(tmp_path_factory.mktemp("good"))


@pytest.mark.parametrize("area", AREAS, ids=lambda a: a.name)
def test_a_damaged_input_works_or_is_refused_with_a_message(area: Area, good: Path) -> None:
    tally = fuzz(area, good, QUICK)

    assert tally.ends.total() >= QUICK


@pytest.mark.long
@pytest.mark.parametrize("area", AREAS, ids=lambda a: a.name)
def test_many_damaged_inputs_work_or_are_refused_with_a_message(area: Area, good: Path) -> None:
    tally = fuzz(area, good, SLOW, first=1)

    print(f"{area.name}: {tally}")
    assert tally.ends.total() >= SLOW
    assert tally.ends["refused"] > 0
