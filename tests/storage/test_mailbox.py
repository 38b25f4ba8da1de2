"""The mailbox of a search: both of its sides, on one database."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from autodistill.storage import Store
from autodistill.storage.desk import Desk
from autodistill.storage.mailbox import Mailbox
from autodistill.storage.tables import ORDER, SEARCH, WORKER
from autodistill.study.study import Study

OFFER = {"threads": 1}
SPEC = {"number": 3, "lr": 0.1 + 0.2}
DONE: Mapping[str, object] = {"status": "done", "seconds": 0.1 + 0.2}


@pytest.fixture
def mailbox(store: Store) -> Mailbox:
    made = Mailbox(store.database, "s")
    made.open(OFFER)
    return made


def joined(mailbox: Mailbox, name: str = "w", places: int = 2) -> Desk:
    """A worker that joined the search."""
    desk = Desk(mailbox.database, "s")
    offer = desk.offer()
    assert offer is not None
    assert desk.join(name, offer.token, places, "cpu", {"torch": "2.9"})
    return desk


def test_a_trial_goes_from_its_order_to_its_end(mailbox: Mailbox) -> None:
    desk = joined(mailbox)
    mailbox.give("o", "w", SPEC)
    news = desk.look()
    assert news is not None
    (order,) = news.orders
    assert (order.id, order.spec, order.stop) == ("o", SPEC, None)

    desk.report("o", 1, 0.1 + 0.7)
    (told,) = mailbox.orders()
    mailbox.reply("o", 1, True)
    answered = desk.look()
    accepted = desk.end("o", DONE)
    (ended,) = mailbox.orders()
    mailbox.take("o")

    assert (told.step, told.value, told.stop) == (1, 0.1 + 0.7, None)
    assert answered is not None
    assert answered.orders[0].stop is True
    assert accepted
    assert ended.ended == DONE
    assert mailbox.orders() == []


def test_a_report_that_is_sent_twice_keeps_its_reply(mailbox: Mailbox) -> None:
    desk = joined(mailbox)
    mailbox.give("o", "w", SPEC)
    desk.report("o", 1, 0.5)
    mailbox.reply("o", 1, False)

    desk.report("o", 1, 0.5)

    assert mailbox.orders()[0].stop is False


def test_a_late_reply_answers_no_later_report(mailbox: Mailbox) -> None:
    desk = joined(mailbox)
    mailbox.give("o", "w", SPEC)
    desk.report("o", 1, 0.5)
    desk.report("o", 2, 0.6)

    mailbox.reply("o", 1, True)

    assert mailbox.orders()[0].stop is None


def test_an_answer_of_a_worker_that_was_dismissed_is_refused(mailbox: Mailbox) -> None:
    desk = joined(mailbox)
    mailbox.give("o", "w", SPEC)

    mailbox.dismiss("w")
    desk.report("o", 1, 0.5)

    assert not desk.end("o", DONE)
    assert desk.look() is None
    assert mailbox.orders() == []


def test_an_order_that_was_taken_back_is_seen_no_more_and_its_end_refused(
    mailbox: Mailbox,
) -> None:
    desk = joined(mailbox)
    mailbox.give("o", "w", SPEC)

    mailbox.take_back()

    news = desk.look()
    assert news is not None
    assert news.orders == ()
    assert not desk.end("o", DONE)


def test_a_new_coordinator_knows_no_earlier_worker_and_no_earlier_offer(mailbox: Mailbox) -> None:
    desk = joined(mailbox)
    before = desk.offer()
    assert before is not None
    mailbox.give("o", "w", SPEC)

    Mailbox(mailbox.database, "s").open(OFFER)

    assert desk.look() is None
    assert not desk.end("o", DONE)
    assert not desk.join("again", before.token, 2, "cpu", {})
    assert mailbox.workers() == []


def test_workers_hear_that_the_search_is_over_and_nobody_joins_any_more(mailbox: Mailbox) -> None:
    desk = joined(mailbox)

    mailbox.close()

    news, offer = desk.look(), desk.offer()
    assert news is not None
    assert news.is_over
    assert offer is not None
    assert offer.is_over
    assert not desk.join("late", offer.token, 2, "cpu", {})


def test_two_workers_of_one_host_and_process_are_told_apart(mailbox: Mailbox) -> None:
    first, second = joined(mailbox, "a"), joined(mailbox, "b", places=3)
    mailbox.give("o", "a", SPEC)

    assert [(w.id, w.places) for w in mailbox.workers()] == [("a", 2), ("b", 3)]
    assert len({(w.host, w.process) for w in mailbox.workers()}) == 1
    mine, other = first.look(), second.look()
    assert mine is not None
    assert other is not None
    assert (len(mine.orders), len(other.orders)) == (1, 0)
    assert not second.end("o", DONE)


def test_silence_is_measured_by_the_databases_clock(mailbox: Mailbox) -> None:
    desk = joined(mailbox)
    with mailbox.database.writing() as connection:
        beaten = datetime.fromisoformat(
            connection.execute(sa.select(WORKER.c.heartbeat)).scalar_one()
        )
        earlier = (beaten - timedelta(seconds=90)).isoformat()
        connection.execute(sa.update(WORKER).values(heartbeat=earlier))

    (silent,) = mailbox.workers()
    desk.beat()
    (heard,) = mailbox.workers()

    assert 90 <= silent.silent_seconds < 120
    assert heard.silent_seconds < 30


def test_a_worker_that_leaves_has_no_places(mailbox: Mailbox) -> None:
    joined(mailbox).leave()

    assert [w.places for w in mailbox.workers()] == [0]


def test_a_study_that_is_removed_leaves_no_mailbox(store: Store, mailbox: Mailbox) -> None:
    store.begin(Study("reviews.csv"), {}, name="s")
    joined(mailbox)
    mailbox.give("o", "w", SPEC)

    store.remove("s")

    with store.database.reading() as connection:
        rows = [connection.execute(sa.select(t)).all() for t in (SEARCH, WORKER, ORDER)]
    assert rows == [[], [], []]
