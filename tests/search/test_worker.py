"""A worker that joined a search: real processes, both sides of the mailbox in this one."""

import threading
from collections.abc import Iterator

import pytest

from autodistill.prepare.teacher_tuning import PRELOAD
from autodistill.runtime.progress import Meanwhile
from autodistill.runtime.workers import Ended, LocalWorkers, Reported
from autodistill.search import worker
from autodistill.search.shared_workers import SharedWorkers
from autodistill.search.worker import JoinedWorker, work
from autodistill.storage import Store
from autodistill.storage.desk import Desk, Offer
from autodistill.storage.mailbox import Mailbox
from autodistill.storage.patience import Passing, patiently
from autodistill.study.pipeline import Pipeline
from autodistill.training.signals import Shard
from autodistill.training.trial import TrialSpec
from autodistill.training.trial_data import TutorSignals
from tests.records import pipeline
from tests.screens import Heard
from tests.search import round_trips
from tests.search.test_shared_workers import Local
from tests.storage.servers import empty_databases, postgres


class NoInputs:
    """Neither views nor a tutor."""

    def __call__(self, pipeline: Pipeline, meanwhile: Meanwhile) -> tuple[Shard, ...]:
        return ()

    def tutored(self, pipeline: Pipeline, meanwhile: Meanwhile) -> TutorSignals | None:
        return None


class Pair:
    """A coordinator without places of its own, and a worker that joined it."""

    def __init__(self, url: str) -> None:
        store = Store(url)
        self.mailbox = Mailbox(store.database, "s")
        self.mailbox.open({})
        here = Local()
        here.live.append(-1)
        self.engine = SharedWorkers(here, self.mailbox, Heard())
        self.pool = LocalWorkers(round_trips.run, None, workers=2, preload=PRELOAD)
        self.over: list[bool] = []
        self.heard = Heard()
        self.thread = threading.Thread(target=self._work)

    def _work(self) -> None:
        desk = Desk(Store(self.mailbox.database.url).database, "s")
        offer = desk.offer()
        assert offer is not None
        assert desk.join("w", offer.token, 2, "cpu", {})
        self.over.append(JoinedWorker(desk, self.pool, NoInputs(), self.heard).serve())

    def __enter__(self) -> "Pair":
        self.thread.start()
        while not self.engine.free:
            self.engine.wait(0.2)
        return self

    def __exit__(self, *_: object) -> None:
        self.mailbox.close()
        self.thread.join(60)

    def ends(self, count: int, *, stop: bool = False) -> Iterator[Ended]:
        """The next ends; reports are answered."""
        while count:
            for event in self.engine.wait(0.5):
                if isinstance(event, Reported):
                    event.reply(stop)
                else:
                    count -= 1
                    yield event


def spec(number: int) -> TrialSpec:
    return TrialSpec(number, pipeline(), 0, 8, 1)


def test_trials_run_there_report_and_end_here_until_the_search_is_over(url: str) -> None:
    with Pair(url) as pair:
        for number in (1, 2):
            pair.engine.start(spec(number), 120.0)
        ends = {end.number: end for end in pair.ends(2, stop=True)}

    assert {n: end.status for n, end in ends.items()} == {1: "done", 2: "done"}
    assert all(end.result.cost["stopped"] for end in ends.values())
    assert pair.over == [True]
    assert not pair.pool.running
    assert len(pair.heard.lines) == 2


def test_trials_that_are_taken_back_end_there_without_an_answer(url: str) -> None:
    with Pair(url) as pair:
        pair.engine.start(spec(1), 120.0)
        while not pair.pool.running:
            pair.engine.wait(0.1)

        numbers = pair.engine.stop()
        while pair.pool.running:
            pair.engine.wait(0.1)

    assert numbers == [-1, 1]
    assert pair.heard.lines == []


def test_a_worker_that_was_dismissed_ends_its_trials_and_says_so(url: str) -> None:
    with Pair(url) as pair:
        pair.engine.start(spec(1), 120.0)
        while not pair.pool.running:
            pair.engine.wait(0.1)

        pair.mailbox.dismiss("w")
        pair.thread.join(60)

    assert pair.over == [False]
    assert not pair.pool.running


def test_a_report_takes_a_fraction_of_a_second_there_and_back() -> None:
    with postgres() as server:
        (url,) = empty_databases(server, 1, "trips")
        with Pair(url) as pair:
            pair.engine.start(spec(1), 120.0)
            (end,) = pair.ends(1)
        pair.mailbox.database.engine.dispose()

    assert end.result.cost["median"] < 0.5


def test_an_outage_of_the_database_is_waited_out(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answers: Iterator[Passing | Offer] = iter(
        [Passing("no connection."), Passing("no connection."), Offer("t", {}, True)]
    )

    @patiently
    def awaited(*_: object) -> Offer:
        answer = next(answers)
        if isinstance(answer, Passing):
            answer.of_server = True
            raise answer
        return answer

    monkeypatch.setattr(worker, "_awaited", awaited)
    monkeypatch.setattr("autodistill.storage.patience.PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr("autodistill.storage.outage.QUIET_SECONDS", 0.0)
    heard = Heard()

    work("s", storage=url, workers=1, data_root=None, screen=heard, device="cpu")

    assert heard.lines == [
        "storage   no connection. Trying again for up to 10 min.",
        "worker    the search of 's' is over",
    ]
