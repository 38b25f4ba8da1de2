"""Other people's programs keep their warnings and bars."""

import warnings

from transformers import logging

from autodistill.runtime.quiet import quietly


def test_what_libraries_may_say_is_as_before_afterwards() -> None:
    logging.set_verbosity_warning()
    logging.enable_progress_bar()

    with quietly():
        inside = logging.get_verbosity(), logging.is_progress_bar_enabled()
        filters = list(warnings.filters)

    assert inside == (logging.ERROR, False)
    assert (logging.get_verbosity(), logging.is_progress_bar_enabled()) == (logging.WARNING, True)
    assert filters != list(warnings.filters)
