"""Names of studies: what a person may call one, since it becomes part of paths and pages."""

import unicodedata

MOST = 100
"""Characters of a name."""
FORBIDDEN = "/\\<>"
"""Characters of paths and of pages."""


def name_problem(name: str) -> str:
    """Why a study cannot be called so; empty where it can."""
    hidden = [c for c in name if unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")]
    if len(name) > MOST:
        return f"it has {len(name)} characters, at most {MOST} are allowed"
    if hidden:
        return f"it holds the invisible character {hidden[0]!a}"
    if bad := [c for c in name if c in FORBIDDEN]:
        return f"it holds {bad[0]}, which is no part of a name of a folder or page"
    if name != name.strip() or name.startswith((".", "-")) or name.endswith("."):
        return "it begins or ends with a blank or a dot, or begins with a minus"
    return ""
