"""Refusals of the command line's library, as one message like every other."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import typer

from autodistill.errors import SpecError
from autodistill.study.places import hidden

USAGE_ERROR: type[Exception] = typer.BadParameter.__mro__[1]
"""The class of all these refusals; its place differs between versions of typer."""


@contextmanager
def one_message(path: str, words: Sequence[str]) -> Iterator[None]:
    """Raise SpecError for a refusal of these words after the command `path`."""
    try:
        yield
    except USAGE_ERROR as error:
        raise SpecError(f"{reason(error, words)} See `{path} --help`.") from None


def reason(error: Any, words: Sequence[str]) -> str:
    """The fault, with the value that was given; a whole sentence."""
    param = getattr(error, "param", None)
    words = [hidden(word) for word in words]
    if param is None:
        text = hidden(error.format_message()).replace("Possible options", "there is")
        return f"{text[:1].lower()}{text[1:]}" + "." * (not text.endswith((".", "?")))
    name = param.opts[0] if param.opts[0].startswith("-") else param.metavar
    if not error.message:
        return f"{name} is missing."
    why = error.message.rstrip(".").replace("Input should be", "it has to be")
    why = why.partition(", unable to parse")[0]
    return f"{name}{_value(param.opts, words)}: {why[:1].lower()}{why[1:]}."


def _value(names: Sequence[str], words: Sequence[str]) -> str:
    """The word that was given for an option, with a blank before it."""
    for word, after in zip(words, (*words[1:], "")):
        option, has_value, value = word.partition("=")
        if option in names:
            return f" {value if has_value else after}"
    return ""
