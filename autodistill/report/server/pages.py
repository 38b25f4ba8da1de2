"""Pages that are kept until there is news, and drawn sparingly while a search runs."""

import hashlib
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock

SPARED = 100.0
"""A page that is looked on at is drawn for at most a hundredth of the time: a search needs it."""
MOST_KEPT = 64


@dataclass(frozen=True)
class Page:
    """A page that was drawn."""

    etag: str
    body: bytes
    version: str
    """The version of what it shows."""
    began: float
    seconds: float
    """The time that drawing it took."""

    @property
    def rests_until(self) -> float:
        """The moment before which it is not drawn again for somebody who only looks on."""
        return self.began + self.seconds * SPARED


class Pages:
    """The pages drawn last."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        worked: Callable[[], float] = time.thread_time,
    ) -> None:
        self.clock, self.worked = clock, worked
        self.kept: dict[Hashable, Page] = {}
        self.locks: dict[Hashable, Lock] = {}
        self.begun = str(time.time_ns())

    def get(
        self, key: Hashable, version: str, draw: Callable[[str], str], *, looked_on: str = ""
    ) -> Page:
        """The page of this version; `draw` makes it of its ETag.

        `looked_on`: the ETag of one that is on a screen and asks for news, while a search runs.
        Such a page may stay a while.
        """
        with self.locks.setdefault(key, Lock()):
            known = self.kept.get(key)
            if known and known.version == version:
                return known
            if known and known.etag == looked_on and self.clock() < known.rests_until:
                return known
            name = hashlib.sha256(f"{self.begun}{key}{version}".encode()).hexdigest()[:20]
            etag = f'"{name}"'
            began, before = self.clock(), self.worked()
            body = draw(etag).encode()
            page = Page(etag, body, version, began, self.worked() - before)
            self._keep(key, page)
            return page

    def _keep(self, key: Hashable, page: Page) -> None:
        self.kept.pop(key, None)
        self.kept[key] = page
        for old in list(self.kept)[:-MOST_KEPT]:
            self.kept.pop(old, None)
            self.locks.pop(old, None)
