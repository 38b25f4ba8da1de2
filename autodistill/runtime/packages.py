"""Versions of the packages that a score depends on."""

from importlib.metadata import PackageNotFoundError, version

PACKAGES = ("kd-autodistill", "torch", "transformers")


def versions_here() -> dict[str, str]:
    """Those that are installed here."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # a checkout that is not installed
            continue
    return found
