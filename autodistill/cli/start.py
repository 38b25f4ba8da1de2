"""The beginning of a command's work: its libraries are loaded, which takes seconds, and quiet."""

from importlib import import_module

from autodistill.runtime.json_screen import JsonScreen
from autodistill.runtime.progress import Screen


def start(*modules: str, as_json: bool = False) -> Screen:
    """The screen of a command, with these modules loaded under a sign of life."""
    screen = JsonScreen() if as_json else Screen()
    with screen.busy("loading"):
        import_module("autodistill.runtime.quiet").quiet()
        for name in modules:
            import_module(name)
    return screen
