"""Pages under test are waited for, however slow the machine is."""

from collections.abc import Iterator

import pytest

from autodistill.report.server import pages


@pytest.fixture(scope="package", autouse=True)
def _pages_are_waited_for() -> Iterator[None]:
    """A page that takes longer than usual is not announced, as it would be to people."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "PATIENCE_SECONDS", 20.0)
        yield
