"""Versions of installed packages."""

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version

PACKAGES = ("kd-autodistill", "torch", "transformers")
"""The packages that a score depends on."""


def versions_here(names: Iterable[str] = PACKAGES) -> dict[str, str]:
    """The versions of those that are installed here."""
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # an extra, or a checkout that is not installed
            continue
    return found
