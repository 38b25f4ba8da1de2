"""Kinds of end of a trial in a Ray cluster, with real processes; see test_workers for those here.

A cluster of this machine alone, without files to copy; several are in tests/search/test_ray.py.
"""

import socketserver
import time
from collections.abc import Iterator
from functools import partial

import psutil
import pytest

from autodistill.errors import SpecError
from autodistill.runtime import ray_workers
from autodistill.runtime.ray_cluster import Cluster, connect, connected
from autodistill.runtime.ray_workers import RayWorkers
from autodistill.runtime.workers import Ended, Reported
from tests.runtime.engines import EngineTests, TrialSpec, end_of
from tests.runtime.runs import run
from tests.search.ray_nodes import TRIAL, title

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        made = connect("local")
        yield made
        made.close()


@pytest.fixture
def workers(cluster: Cluster) -> Iterator[RayWorkers]:
    made = RayWorkers(cluster, run, "data", workers=2, cores=1)
    yield made
    made.stop()


class TestCluster(EngineTests):
    """Tasks of a cluster."""


@pytest.mark.parametrize(
    ("what", "status", "told"),
    [
        ("failed", "failed", "ValueError: no such thing"),
        ("memory", "out_of_memory", "can't allocate memory"),
        ("exit", "killed", "its machine or its process is gone"),
        ("SIGKILL", "killed", "its machine or its process is gone"),
    ],
)
def test_deaths_are_told_apart(workers: RayWorkers, what: str, status: str, told: str) -> None:
    ended = end_of(workers, what)

    assert ended.status == status
    assert told in ended.error
    assert ended.result is None


def running() -> list[psutil.Process]:
    """Processes of this cluster in which a trial runs."""
    return [p for p in psutil.Process().children(recursive=True) if title(p) == TRIAL]


def test_stop_names_the_trials_that_were_cut_off_and_none_runs_on(workers: RayWorkers) -> None:
    for number in (1, 2):
        workers.start(TrialSpec(number, "hang"), 60.0)
    end = time.monotonic() + 60
    while not all(each.begin for each in workers.live.values()):
        assert workers.wait(0.2) == []
        assert time.monotonic() < end
    assert workers.free == 0

    assert sorted(workers.stop()) == [1, 2]
    assert workers.free == 2
    while running():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_more_trials_than_the_machine_has_room_for_wait_and_all_end(cluster: Cluster) -> None:
    workers = RayWorkers(cluster, run, "data", workers=6, cores=2)
    for number in range(6):
        workers.start(TrialSpec(number, "who"), 60.0)
    assert workers.free == 0

    ended: list[Reported | Ended] = []
    while workers.running:
        ended += workers.wait(0.5)

    assert sorted(each.number for each in ended) == list(range(6))
    assert {each.status for each in ended if isinstance(each, Ended)} == {"done"}
    workers.stop()


def test_a_machine_that_is_unfit_ends_the_search_with_the_differences(cluster: Cluster) -> None:
    unfit = partial(list[str], ["torch: 2.13.0 there, 2.9.0 here"])
    workers = RayWorkers(cluster, run, "data", workers=1, check=unfit)

    with pytest.raises(SpecError, match=r"torch: 2\.13\.0 there") as caught:
        end_of(workers, "done")

    assert "of the cluster cannot take part" in str(caught.value)
    workers.stop()


def test_trials_for_which_no_machine_has_room_are_told_of_once(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ray_workers, "WAITING_SECONDS", 0.1)
    said: list[str] = []
    workers = RayWorkers(cluster, run, "data", workers=1, cores=10_000, say=said.append)
    workers.start(TrialSpec(1, "done"), 60.0)

    for _ in range(3):
        assert workers.wait(0.2) == []

    assert len(said) == 1
    assert "no machine has room for a trial yet; 1 wait" in said[0]
    assert workers.stop() == [1]


def test_the_time_that_a_trial_waits_for_a_place_or_an_answer_is_not_its_own(
    workers: RayWorkers,
) -> None:
    workers.start(TrialSpec(7, "done"), 0.3)
    begin = time.monotonic()
    while not (events := workers.wait(0.2)):
        assert time.monotonic() - begin < 60
    (event,) = events
    assert isinstance(event, Reported)

    while_it_waits = [*workers.wait(0.4), *workers.wait(0.4)]
    event.reply(False)
    (end,) = workers.wait(20.0)

    assert while_it_waits == []
    assert isinstance(end, Ended)
    assert end.status == "done"


def test_a_program_that_has_joined_a_cluster_keeps_it_and_is_given_no_other(
    cluster: Cluster,
) -> None:
    with connected("") as found:
        assert found == cluster
    assert cluster.ray.is_initialized()

    here = cluster.ray.get_runtime_context().gcs_address
    with connected(here) as found:
        assert found == cluster
    with (
        socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as other,
        pytest.raises(SpecError, match=f"this program has joined the Ray cluster at {here}"),
        connected(f"127.0.0.1:{other.server_address[1]}"),
    ):
        pass
