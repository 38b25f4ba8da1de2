"""Requests that wait together are answered in one pass, within bounds."""

import asyncio
import threading
from collections.abc import Sequence
from typing import Any

import pytest

from autodistill.deploy import serve_passes
from autodistill.deploy.serve_passes import Answers, Passes, Question


class Slow:
    """A network that is busy with the first request until it is told to go on."""

    def __init__(self, *, fails_on: object = None) -> None:
        self.passes: list[tuple[list[Any], int]] = []
        self.busy, self.go, self.fails_on = threading.Event(), threading.Event(), fails_on

    def __call__(self, inputs: Sequence[Any], size: int) -> Answers:
        """Each input comes back."""
        self.passes.append((list(inputs), size))
        self.busy.set()
        assert self.go.wait(10)
        if self.fails_on in inputs:
            raise ValueError("no")
        return [{"is": x} for x in inputs]


def answered(network: Slow, *questions: Question, rows: int = 4) -> list[Any]:
    """The answers of these requests; all but the first one come while the network is busy."""

    async def ask() -> list[Any]:
        passes = Passes(network, most_rows=rows)
        futures = [passes.submit(questions[0])]
        await asyncio.to_thread(network.busy.wait, 10)
        futures += [passes.submit(question) for question in questions[1:]]
        network.go.set()
        return await asyncio.gather(*futures, return_exceptions=True)

    return asyncio.run(ask())


def test_requests_that_came_while_the_network_was_busy_go_together() -> None:
    network = Slow()

    found = answered(network, *(Question([n], 1) for n in range(4)))

    assert [inputs for inputs, _ in network.passes] == [[0], [1, 2, 3]]
    assert found == [[{"is": n}] for n in range(4)]


def test_a_pass_has_no_more_rows_than_it_may() -> None:
    network = Slow()

    answered(network, *(Question([n, n], 1) for n in range(4)))

    assert [inputs for inputs, _ in network.passes] == [[0, 0], [1, 1, 2, 2], [3, 3]]


def test_a_long_text_takes_the_room_of_others() -> None:
    long, network = serve_passes.MOST_TOKENS // 2, Slow()

    answered(network, *(Question([n], tokens) for n, tokens in enumerate((1, long, 1, 1))))

    assert [inputs for inputs, _ in network.passes] == [[0], [1, 2], [3]]


def test_a_request_larger_than_a_pass_goes_alone_and_in_parts() -> None:
    network = Slow()

    answered(network, Question([0], 1), Question(range(10), 6000), Question([1], 1), rows=64)

    assert [size for _, size in network.passes] == [64, 2, 64]


def test_texts_and_pairs_do_not_share_a_pass() -> None:
    network = Slow()

    answered(network, Question([0], 1), Question([1], 1, "pair"), Question([2], 1))

    assert [inputs for inputs, _ in network.passes] == [[0], [1], [2]]


def test_a_request_that_fails_takes_no_other_with_it() -> None:
    network = Slow(fails_on=2)

    found = answered(network, *(Question([n], 1) for n in range(4)))

    assert isinstance(found[2], ValueError)
    assert [found[n] for n in (0, 1, 3)] == [[{"is": n}] for n in (0, 1, 3)]


def test_a_queue_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve_passes, "MOST_WAITING", 10)

    with pytest.raises(serve_passes.BusyError):
        answered(Slow(), Question([0], 1), Question([1], 8), Question([2], 4))


def test_a_request_whose_client_is_gone_is_dropped() -> None:
    network = Slow()

    async def ask() -> Any:
        passes = Passes(network, most_rows=4)
        first = passes.submit(Question([0], 1))
        await asyncio.to_thread(network.busy.wait, 10)
        first.cancel()
        network.go.set()
        return await passes.submit(Question([1], 1))

    assert asyncio.run(ask()) == [{"is": 1}]
