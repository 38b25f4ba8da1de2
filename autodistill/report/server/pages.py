"""Pages that are kept until there is news, and drawn sparingly while a search runs."""

import hashlib
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Unfinished
from dataclasses import dataclass
from threading import Lock, Thread

SPARED = 50.0
"""Pages that are looked on at are drawn for at most a fiftieth of the time, all of them together: a
search needs it."""
LATELY_SECONDS = 10.0
"""A page that asked for news within this time is open."""
PATIENCE_SECONDS = 1.5
"""Time that a request waits for a page; then it gets the one before, or word that one is coming."""
MOST_KEPT = 64
Draw = Callable[[str], str]
"""From the ETag of a page to its text."""


@dataclass(frozen=True)
class Page:
    """A page that was drawn."""

    etag: str
    body: bytes
    version: str
    """The version of what it shows."""
    began: float
    seconds: float
    """Seconds of a processor that drawing it took."""

    def rests_until(self, pages: int) -> float:
        """The moment before which it, one of so many, is not drawn for those who only look on.

        With 0, for somebody who opens it, at once.
        """
        return self.began + self.seconds * SPARED * pages


class Pages:
    """The pages drawn last, and those that are being drawn."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        worked: Callable[[], float] = time.thread_time,
    ) -> None:
        self.clock, self.worked = clock, worked
        self.kept: dict[Hashable, Page] = {}
        self.coming: dict[Hashable, Future[Page]] = {}
        self.looked: dict[Hashable, float] = {}
        """When pages last asked for news."""
        self.lock = Lock()
        self.begun = str(time.time_ns())

    def get(
        self, key: Hashable, version: str, draw: Draw, soon: Draw, *, looked_on: str = ""
    ) -> Page:
        """The page of this version, or the one before where it takes long; `draw` makes it.

        `soon` makes the page that is shown before there is any. `looked_on` is the ETag of a page
        on a screen that asks for news while a search runs: the last one may do for a while.
        """
        with self.lock:
            known = self.kept.get(key)
            pages = self._looked_on(key) if looked_on else 0
            if known and (known.version == version or self.clock() < known.rests_until(pages)):
                return known
            coming = self.coming.get(key) or self._begin(key, version, draw)
        try:
            return coming.result(PATIENCE_SECONDS)
        except Unfinished:
            return known or self._drawn(key, "soon", soon)

    def _looked_on(self, key: Hashable) -> int:
        """Note that somebody looks on at this page; the number of pages that somebody does."""
        now = self.clock()
        self.looked = {k: t for k, t in self.looked.items() if t > now - LATELY_SECONDS}
        self.looked[key] = now
        return len(self.looked)

    def _begin(self, key: Hashable, version: str, draw: Draw) -> Future[Page]:
        """Begin to draw a page, in a thread that the end of the server does not wait for."""
        coming = self.coming[key] = Future[Page]()

        def work() -> None:
            page: Page | BaseException
            try:
                page = self._drawn(key, version, draw)
            except BaseException as error:  # whoever asked for the page is told
                page = error
            with self.lock:
                del self.coming[key]
                if isinstance(page, Page):
                    self._keep(key, page)
            if isinstance(page, Page):
                coming.set_result(page)
            else:
                coming.set_exception(page)

        Thread(target=work, daemon=True).start()
        return coming

    def _drawn(self, key: Hashable, version: str, draw: Draw) -> Page:
        name = hashlib.sha256(f"{self.begun}{key}{version}".encode()).hexdigest()[:20]
        etag = f'"{name}"'
        began, before = self.clock(), self.worked()
        body = draw(etag).encode()
        return Page(etag, body, version, began, self.worked() - before)

    def _keep(self, key: Hashable, page: Page) -> None:
        self.kept.pop(key, None)
        self.kept[key] = page
        for old in list(self.kept)[:-MOST_KEPT]:
            del self.kept[old]
