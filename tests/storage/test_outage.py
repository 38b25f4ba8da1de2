"""A server that does not answer while a search runs."""

from collections.abc import Callable
from contextlib import nullcontext

import pytest
import sqlalchemy as sa

from autodistill.search.clock import SearchClock
from autodistill.storage import outage, patience
from autodistill.storage.outage import waited_out
from autodistill.storage.patience import Passing, patiently, refusal
from autodistill.storage.server import connect_options

SERVER = "postgresql+psycopg://me:secret@db.example/studies"


class Clock:
    """Time that passes by sleeping alone."""

    def __init__(self) -> None:
        self.now = 1000.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("time.sleep", made.sleep)
    monkeypatch.setattr("time.monotonic", lambda: made.now)
    monkeypatch.setattr(outage, "_here", outage._Outages())
    return made


class Busy(Exception):
    """The error of SQLite's driver."""

    sqlite_errorname = "SQLITE_BUSY"


def passing(url: str) -> Passing:
    why = Exception("connection refused") if url == SERVER else Busy("database is locked")
    found = refusal(url, sa.exc.OperationalError("SELECT 1", {}, why))
    assert isinstance(found, Passing)
    return found


def refuses_until(
    end: float, clock: Clock, url: str = SERVER, tries_for: float = 0.0
) -> Callable[[], float]:
    """A call that is refused until then, each time after so many seconds."""

    @patiently
    def call() -> float:
        clock.now += tries_for
        if clock.now < end:
            raise passing(url)
        return clock.now

    return call


def test_a_server_that_restarts_for_minutes_is_waited_for_with_one_line(clock: Clock) -> None:
    said = list[str]()

    with waited_out(said.append):
        assert refuses_until(1300.0, clock)() >= 1300.0
        refuses_until(clock.now + 10, clock)()  # another thread finds the end of it later

    assert len(said) == 1
    assert said[0].startswith("storage   the database 'postgresql+psycopg://me:***@db.example")
    assert said[0].endswith("Trying again for up to 10 min.")


def test_the_next_outage_is_told_again(clock: Clock) -> None:
    said = list[str]()

    with waited_out(said.append):
        for _ in range(2):
            refuses_until(clock.now + 60, clock)()
            clock.now += 100

    assert len(said) == 2


def test_a_moment_is_not_told(clock: Clock) -> None:
    said = list[str]()

    with waited_out(said.append):
        refuses_until(clock.now + 1, clock)()

    assert said == []


@pytest.mark.parametrize(
    ("url", "searches"), [(SERVER, False), ("sqlite:///s.db", True)], ids=["no search", "a file"]
)
def test_elsewhere_half_a_minute_is_enough(clock: Clock, url: str, searches: bool) -> None:
    call = refuses_until(1e9, clock, url)

    with waited_out(lambda _: None) if searches else nullcontext(), pytest.raises(Passing):
        call()

    assert clock.now <= 1000 + patience.PATIENCE_SECONDS


def test_a_server_that_never_comes_back_ends_the_search(clock: Clock) -> None:
    with waited_out(lambda _: None), pytest.raises(Passing, match="refuses: connection refused"):
        refuses_until(1e9, clock)()

    assert 1590 < clock.now <= 1600


def test_an_outage_takes_nothing_from_the_budget(clock: Clock) -> None:
    spent = SearchClock()

    with waited_out(lambda _: None):
        refuses_until(clock.now + 60, clock, tries_for=15.0)()
    clock.now += 5

    assert spent.seconds == pytest.approx(5.0)


def test_a_connection_that_a_network_dropped_is_noticed_in_half_a_minute() -> None:
    options = connect_options(SERVER)["connect_args"]
    asked = connect_options(f"{SERVER}?connect_timeout=3&tcp_user_timeout=9")["connect_args"]

    assert options["tcp_user_timeout"] == 30_000
    assert options["keepalives_idle"] + 3 * options["keepalives_interval"] == 30
    assert asked.keys() == options.keys() - {"connect_timeout", "tcp_user_timeout"}
