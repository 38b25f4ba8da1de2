"""Libraries kept quiet: no bars, advice or deprecation notes beside our own lines."""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from transformers import logging


def quiet() -> None:
    """For the rest of this process."""
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault(
        "OMP_WAIT_POLICY", "PASSIVE"
    )  # idle threads that spin starve everything else on a shared machine
    warnings.filterwarnings("ignore")
    logging.set_verbosity_error()
    logging.disable_progress_bar()


@contextmanager
def quietly() -> Iterator[None]:
    """For a while, in somebody else's program: then their warnings and their bars are as before."""
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    with warnings.catch_warnings():
        try:
            quiet()
            yield
        finally:
            logging.set_verbosity(level)
            if bars:
                logging.enable_progress_bar()
