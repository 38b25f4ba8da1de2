"""Characters that no person sees, and halves of characters."""

import re
import unicodedata

HALF = re.compile("[\ud800-\udfff]")
"""Half of a character beyond the first 65,536, such as an emoji: alone it is no text."""
ESCAPED_HALF = re.compile(r"\\u[dD][89a-fA-F]")
"""A half as JSON writes it."""
FORMAT, CONTROL = "Cf", "Cc"


def whole(text: str) -> str:
    """The text with halves that belong together joined, and others replaced by U+FFFD."""
    if HALF.search(text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def visible(text: str) -> str:
    """The text without characters that show nothing: marks of byte order, joiners, controls."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c for c in text if unicodedata.category(c) not in (FORMAT, CONTROL))


def plain(name: str) -> str:
    """The name as it looks at a glance: no case, no invisible characters, one kind of blank."""
    words = unicodedata.normalize("NFKC", name).casefold().split()
    return " ".join(filter(None, map(visible, words)))


def shows_nothing(text: str) -> bool:
    """Whether the text is blank, or made of characters that show nothing."""
    seen = text.strip()
    return not seen or not (seen[0].isalnum() or visible(seen).strip())
