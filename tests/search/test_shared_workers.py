"""Trials shared out to this machine and to workers that joined, with no process and no training."""

from typing import Any

import pytest
import sqlalchemy as sa

from autodistill.runtime.workers import Ended, Reported
from autodistill.search.orders import end_to_dict
from autodistill.search.shared_workers import SharedWorkers
from autodistill.storage import Store
from autodistill.storage.desk import Desk
from autodistill.storage.mailbox import Mailbox
from autodistill.storage.tables import WORKER
from autodistill.training.trial import TrialSpec
from tests.records import pipeline
from tests.screens import Heard
from tests.search.fake_sittings import done

LONG_AGO = "2020-01-01T00:00:00+00:00"


class Local:
    """One place on this machine, whose trials end when they are told to."""

    def __init__(self) -> None:
        self.live: list[int] = []
        self.events: list[Reported | Ended] = []

    @property
    def running(self) -> int:
        return len(self.live)

    @property
    def free(self) -> int:
        return 1 - len(self.live)

    def start(self, ticket: Any, timeout_seconds: float) -> None:
        self.live.append(ticket.number)

    def wait(self, seconds: float) -> list[Reported | Ended]:
        events, self.events = self.events, []
        return events

    def stop(self) -> list[int]:
        numbers, self.live = self.live, []
        return numbers


class Shared:
    """An engine, the clock that it sees, and the mailbox behind it."""

    def __init__(self, url: str) -> None:
        self.mailbox = Mailbox(Store(url).database, "s")
        self.mailbox.open({})
        self.seconds = 0.0
        self.screen = Heard()
        self.local = Local()
        self.engine = SharedWorkers(
            self.local, self.mailbox, self.screen, silence_seconds=60.0, now=lambda: self.seconds
        )

    def join(self, name: str = "w", places: int = 2) -> Desk:
        """A worker that joins and is seen."""
        desk = Desk(self.mailbox.database, "s")
        offer = desk.offer()
        assert offer is not None
        assert desk.join(name, offer.token, places, "cpu", {})
        assert self.later(1.0) == []
        return desk

    def later(self, seconds: float) -> list[Reported | Ended]:
        """The events after so much time in which nobody looked."""
        self.seconds += seconds
        return self.engine.wait(0.0)

    def start(self, *numbers: int) -> None:
        for number in numbers:
            self.engine.start(TrialSpec(number, pipeline(), 0, 8, 1), 120.0)


@pytest.fixture
def shared(url: str) -> Shared:
    return Shared(url)


def orders(desk: Desk) -> dict[int, str]:
    """The ids of a worker's orders, by the number of the trial."""
    news = desk.look()
    assert news is not None
    return {order.spec["number"]: order.id for order in news.orders}


def test_places_here_are_filled_first_then_those_with_most_room(shared: Shared) -> None:
    few, many = shared.join("few", 1), shared.join("many", 3)
    assert shared.engine.free == 5

    shared.start(0, 1, 2, 3, 4)

    assert shared.local.live == [0]
    assert (len(orders(few)), len(orders(many))) == (1, 3)
    assert (shared.engine.running, shared.engine.free) == (5, 0)


def test_a_report_and_an_end_of_another_machine_come_as_those_of_a_process_here(
    shared: Shared,
) -> None:
    desk = shared.join()
    shared.start(0, 1)
    order = orders(desk)[1]

    desk.report(order, 2, 0.75)
    (report,) = shared.later(0.1)
    again = shared.later(0.1)
    assert isinstance(report, Reported)
    report.reply(True)
    news = desk.look()
    desk.end(order, end_to_dict(done(1)))
    (end,) = shared.later(0.1)

    assert (report.number, report.step, report.value) == (1, 2, 0.75)
    assert again == []
    assert news is not None
    assert news.orders[0].stop is True
    assert end == done(1)
    assert (shared.engine.running, shared.engine.free) == (1, 2)


def test_a_worker_that_leaves_gives_its_trials_back_at_once(shared: Shared) -> None:
    desk = shared.join()
    shared.start(0, 1, 2)

    desk.leave()
    ends = shared.later(0.6)

    assert [(e.number, e.status) for e in ends if isinstance(e, Ended)] == [
        (1, "lost"),
        (2, "lost"),
    ]
    assert shared.engine.free == 0
    assert shared.screen.lines[-1].endswith("left; trials put back: 2")


def silence(shared: Shared) -> None:
    with shared.mailbox.database.writing() as connection:
        connection.execute(sa.update(WORKER).values(heartbeat=LONG_AGO))


def test_a_silent_worker_is_gone_and_its_late_answer_is_refused(shared: Shared) -> None:
    desk = shared.join()
    shared.start(0, 1)
    order = orders(desk)[1]
    for _ in range(13):  # the coordinator looks all the time
        shared.later(5.0)
    silence(shared)

    (end,) = shared.later(5.0)
    late = desk.end(order, end_to_dict(done(1)))

    assert isinstance(end, Ended)
    assert (end.number, end.status) == (1, "killed")
    assert "has not been heard of for 70 s" in end.error or "for 71 s" in end.error
    assert not late
    assert shared.later(1.0) == []
    assert desk.look() is None  # so it joins again


def test_after_a_long_pause_in_which_nobody_looked_silence_says_nothing_yet(
    shared: Shared,
) -> None:
    shared.join()
    shared.start(0, 1)
    silence(shared)

    after_an_hour = shared.later(3600.0)
    soon_after = shared.later(9.0)

    assert after_an_hour == soon_after == []
    assert shared.engine.running == 2


def test_stop_names_all_trials_and_no_worker_has_an_order_any_more(shared: Shared) -> None:
    desk = shared.join()
    shared.start(0, 1, 2)
    order = orders(desk)[2]

    assert shared.engine.stop() == [0, 1, 2]
    assert orders(desk) == {}
    assert not desk.end(order, end_to_dict(done(2)))
    assert shared.engine.running == 0


def test_the_trials_of_two_sittings_of_one_number_are_told_apart(shared: Shared) -> None:
    desk = shared.join()
    shared.start(0, 1)
    before = orders(desk)[1]
    shared.engine.stop()
    shared.start(0, 1)

    late = desk.end(before, end_to_dict(done(1)))

    assert not late
    assert shared.later(0.1) == []
    assert orders(desk)[1] != before


def test_events_of_this_machine_come_through(shared: Shared) -> None:
    shared.local.events.append(done(0))

    assert shared.engine.wait(0.0) == [done(0)]
