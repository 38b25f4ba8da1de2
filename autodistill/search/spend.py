"""Runs in parallel until the budget is spent, or until a signal ends the search."""

from collections.abc import Callable

from autodistill.errors import Interrupted
from autodistill.runtime.engine import Engine
from autodistill.search.session import SearchSession
from autodistill.study.facts import StudyFacts
from autodistill.training.trial import TrialSpec


def timeout_of(ticket: TrialSpec, facts: StudyFacts) -> float:
    """Seconds after which a run is given up: more for a longer one, and for each of its views."""
    seen = ticket.rows * ticket.epochs
    first = (facts.rows or 0) * (facts.epochs or 0) or seen
    return (facts.timeout_seconds or 0.0) * max(1.0, seen / first) * (1 + len(ticket.views))


def spend(sitting: SearchSession, pool: Engine, interrupted: Callable[[], bool]) -> None:
    """Ask, run, store, tell until the budget is spent; what still runs at the end is put back."""

    def serve(seconds: float) -> None:
        with sitting.clock.waiting(seconds):
            events = pool.wait(seconds)
        for event in events:
            sitting.take(event)
        sitting.beat()
        sitting.screen.pulse(sitting.view.brief)

    def meanwhile() -> None:
        serve(0.0)
        if interrupted():
            raise Interrupted(sitting.name)

    try:
        while (pool.running or sitting.may_start(0)) and not interrupted():
            while pool.free and sitting.may_start(pool.running):
                ticket = sitting.next_ticket(pool.running, meanwhile)
                sitting.view.begin(ticket.number)
                pool.start(ticket, timeout_seconds=timeout_of(ticket, sitting.facts))
            serve(0.5)
            if sitting.is_overdue():
                break
        if not interrupted():
            sitting.close()
    except KeyboardInterrupt:  # in a program that heeds signals in its own way
        raise Interrupted(sitting.name) from None
    finally:
        for number in pool.stop():
            sitting.questions.put_back(number)
        sitting.beat()
