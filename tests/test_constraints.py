"""The tested versions install on every Python that the project promises."""

import tomllib
from importlib.metadata import PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tests.paths import ROOT


def test_every_tested_version_installs_on_the_first_release_of_the_oldest_python() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    oldest = f"{project['requires-python'].removeprefix('>=')}.0"
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    asked, refused = 0, []

    for pin in (Requirement(line) for line in lines if "==" in line):
        try:
            allowed = distribution(pin.name).metadata["Requires-Python"]
        except PackageNotFoundError:  # of an extra that the tests do without
            continue
        asked += 1
        if allowed and oldest not in SpecifierSet(allowed):
            refused.append(f"{pin} asks for Python {allowed}")

    assert asked > 100
    assert not refused
