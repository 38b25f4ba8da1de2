"""How the tests of the store make an outcome."""

from collections.abc import Callable

from autodistill.study.results import Trial

Make = Callable[..., Trial]
