"""Screens for tests."""

from autodistill.runtime.progress import Stopwatch


class Heard(Stopwatch):
    """A silent screen that keeps its lines."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def line(self, text: str) -> None:
        """Keep it."""
        self.lines.append(text)
