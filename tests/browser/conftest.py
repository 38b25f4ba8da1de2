"""A study whose pages show everything, in a browser of this machine."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("optuna_dashboard")

from autodistill.search.campaign import restore
from autodistill.storage import Store
from tests.browser.chrome import chromium
from tests.report.server.client import Client, serving
from tests.report.studied import studied


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One for all tests."""
    with chromium() as found:
        yield found


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A database with the study."""
    found = Store(str(tmp_path / "x.db"))
    restore(studied(), "reviews", found)
    restore(studied("others.csv"), "others", found)
    return found


@pytest.fixture
def client(store: Store, tmp_path: Path) -> Iterator[Client]:
    """The dashboard's server on that database."""
    with serving(tmp_path / "x.db") as found:
        yield found
