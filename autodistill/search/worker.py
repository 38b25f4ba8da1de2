"""A machine that joined a search: it runs the trials that it is given, and chooses nothing."""

import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from autodistill.errors import Interrupted, StorageError
from autodistill.prepare.materials import prepare
from autodistill.prepare.teacher_tuning import PRELOAD
from autodistill.prepare.views import Views
from autodistill.prepare.workspace import PreparedWorkspace, open_workspace
from autodistill.runtime import interrupts
from autodistill.runtime.engine import Engine
from autodistill.runtime.heartbeat import heartbeat
from autodistill.runtime.launch import warm_up
from autodistill.runtime.progress import Screen, short
from autodistill.runtime.workers import Reported
from autodistill.search.offers import check_inputs, check_machine, question_of
from autodistill.search.orders import end_to_dict, spec_of
from autodistill.search.place import processes
from autodistill.search.session import TrainingInputs
from autodistill.search.shared_workers import POLL_SECONDS
from autodistill.search.start import as_before, storage_label
from autodistill.storage import Store
from autodistill.storage.desk import Desk, Offer
from autodistill.storage.mailbox import Order
from autodistill.storage.outage import waited_out
from autodistill.storage.patience import Passing

BEAT_SECONDS = 5.0
WAIT_SECONDS = 1.0
"""Between two looks for a search to join."""
HUNG_SECONDS = 1800.0
"""A worker that does one thing for so long shows no sign of life any more."""


@dataclass
class _Run:
    """A trial that runs here."""

    order: str
    number: int
    step: int = -1
    """The last report."""
    reply: Callable[[bool], None] | None = None
    """The way to answer it; None once it is answered."""


def work(
    study: str,
    *,
    storage: str,
    workers: int,
    data_root: Path | None,
    screen: Screen,
    device: str,
) -> None:
    """Run trials of the search of this study until it is over; raises Interrupted.

    Waits for a search to begin, and for another coordinator where one was lost. Raises SpecError
    where rows, teacher, versions or device are not those of the search.
    """
    store = Store(storage)
    desk = Desk(store.database, study)
    ready: PreparedWorkspace | None = None
    with waited_out(screen.line):
        while not (offer := _awaited(desk, store, screen)).is_over:
            ready = ready or _made(study, offer, storage, data_root, screen, device)
            check_machine(study, offer.content, ready)
            check_inputs(study, offer.content, ready)
            if _join(desk, offer, ready, workers, screen):
                break
    screen.line(f"worker    the search of '{study}' is over")


def _awaited(desk: Desk, store: Store, screen: Screen) -> Offer:
    """The search of the study, as soon as there is one."""
    offer = desk.offer()
    if offer is None:
        known = ", ".join(row.name for row in store.studies()) or "none"
        screen.line(
            f"worker    waiting for a search of '{desk.study}' in {storage_label(store.url)}; "
            f"studies there: {known}"
        )
    while offer is None:
        time.sleep(WAIT_SECONDS)
        offer = desk.offer()
    return offer


def _made(
    name: str, offer: Offer, storage: str, data_root: Path | None, screen: Screen, device: str
) -> PreparedWorkspace:
    """Rows, tokens and signals: found in AUTODISTILL_HOME, or made here."""
    opened = open_workspace(question_of(offer.content), screen, data_root, device)
    opened = as_before(storage, opened, name, screen)
    check_machine(name, offer.content, opened)
    warm_up(PRELOAD)
    return prepare(replace(opened, chooses=offer.content["chooses"]), screen)


def _join(desk: Desk, offer: Offer, ready: PreparedWorkspace, workers: int, screen: Screen) -> bool:
    """Run trials of this offer's sitting; whether the search is over."""
    pool = processes(ready, workers, offer.content["on_card"], offer.content["threads"])
    held = pool.free
    with screen.busy("loading what trials need"):
        pool.warm()
    versions, name = offer.content["surroundings"], secrets.token_hex(16)
    if not desk.join(name, offer.token, held, str(ready.device), versions):
        return False
    screen.line(f"worker    joined the search of '{desk.study}'; trials at once: {held}")
    return JoinedWorker(desk, pool, Views(ready, screen), screen).serve()


class Places(Engine, Protocol):
    """Places for trials that can be taken away; `runtime.workers.LocalWorkers` are some."""

    def drop(self, number: int) -> None:
        """End this trial, where it runs; no event tells of it."""


class JoinedWorker:
    """This machine's part in one sitting of a search that it joined."""

    def __init__(self, desk: Desk, pool: Places, inputs: TrainingInputs, screen: Screen) -> None:
        self.desk = desk
        self.pool = pool
        self.inputs = inputs
        self.screen = screen
        self.runs: dict[str, _Run] = {}
        """Trials that run here, by the id of their order."""
        self.turned = time.monotonic()
        self.interrupted: Callable[[], bool] = lambda: False

    def serve(self) -> bool:
        """Run trials until the search is over; False where it knows this worker no more."""
        with interrupts.held() as self.interrupted, heartbeat(BEAT_SECONDS, self._beat):
            there = True  # the database, as far as is known
            try:
                while not self.interrupted():
                    self.turned = time.monotonic()
                    news = self.desk.look()
                    if news is None:
                        self.screen.line("worker    the search began anew, or missed this worker")
                        return False
                    if news.is_over:
                        return True
                    self._follow(news.orders)
                    self._serve(POLL_SECONDS)
            except Passing:
                there = False
                raise
            finally:
                self.pool.stop()
                if there:
                    self.desk.leave()
        return True

    def _beat(self, _: float) -> None:
        with suppress(StorageError):  # whoever looks next says so
            if time.monotonic() - self.turned < HUNG_SECONDS:
                self.desk.beat()

    def _follow(self, orders: tuple[Order, ...]) -> None:
        """End what is no order any more, pass replies on, begin what is new."""
        wanted = {order.id for order in orders}
        for gone in self.runs.keys() - wanted:
            self.pool.drop(self.runs.pop(gone).number)
        for order in orders:
            run = self.runs.get(order.id)
            if run is None:
                self._begin(order)
            elif run.reply and order.stop is not None and order.step == run.step:
                answer, run.reply = run.reply, None
                answer(order.stop)

    def _begin(self, order: Order) -> None:
        spec = spec_of(order.spec)
        views = self.inputs(spec.pipeline, self._meanwhile)
        tutored = self.inputs.tutored(spec.pipeline, self._meanwhile)
        self.runs[order.id] = _Run(order.id, spec.number)
        self.pool.start(replace(spec, views=views, tutored=tutored), order.spec["timeout_seconds"])

    def _meanwhile(self) -> None:
        self.turned = time.monotonic()
        self._serve(0.0)
        if self.interrupted():
            raise Interrupted(self.desk.study)

    def _serve(self, seconds: float) -> None:
        """Report what came of the trials here."""
        for event in self.pool.wait(seconds):
            run = next(run for run in self.runs.values() if run.number == event.number)
            if isinstance(event, Reported):
                run.step, run.reply = event.step, event.reply
                self.desk.report(run.order, event.step, event.value)
                continue
            del self.runs[run.order]
            taken = self.desk.end(run.order, end_to_dict(event))
            how = event.error.splitlines()[0] if event.error else event.status
            self.screen.line(
                f"trial {event.number:>3}  {how}, {short(event.seconds)}"
                + ("" if taken else "; too late: it was given to others")
            )
