"""Time that counts against a budget."""

from autodistill.search.clock import SearchClock


class Time:
    """A clock that is set by hand."""

    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_hours_in_which_the_machine_slept_do_not_count() -> None:
    now = Time()
    clock = SearchClock(now)
    now.seconds += 5

    with clock.waiting(0.5):
        now.seconds += 8 * 3600

    assert clock.seconds == 5.5


def test_a_wait_that_takes_a_little_longer_counts() -> None:
    now = Time()
    clock = SearchClock(now)

    with clock.waiting(0.5):
        now.seconds += 6

    assert clock.seconds == 6
