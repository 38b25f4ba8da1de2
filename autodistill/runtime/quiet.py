"""Libraries kept quiet: no bars, advice or deprecation notes beside our own lines."""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from transformers import logging


def quiet() -> None:
    """For the rest of a process of our own, the command line's."""
    # libraries read these once, when they are loaded, which the command line has yet to do
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TORCH_CPP_LOG_LEVEL", "ERROR")
    # idle threads that spin starve everything else on a shared machine
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    _hush()


@contextmanager
def quietly() -> Iterator[None]:
    """For a while, in somebody else's program: afterwards all is as before."""
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    with warnings.catch_warnings():
        try:
            _hush()
            yield
        finally:
            logging.set_verbosity(level)
            if bars:
                logging.enable_progress_bar()


def _hush() -> None:
    warnings.filterwarnings("ignore")
    logging.set_verbosity_error()
    logging.disable_progress_bar()
