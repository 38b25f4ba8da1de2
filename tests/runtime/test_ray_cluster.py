"""Addresses of clusters that cannot be reached: one message, within seconds."""

import socket

import pytest

from autodistill.errors import SpecError
from autodistill.prepare.quantities import engine_of
from autodistill.runtime import ray_cluster
from autodistill.runtime.ray_cluster import Cluster, check_address, connect


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("ray://host:10001", "not through Ray Client. Run the command there"),
        ("nonsense", "nonsense is no host:port"),
        ("127.0.0.1:x", "no host:port"),
        ("127.0.0.1:99999", "nothing answers at 127.0.0.1:99999"),
        ("no.such.host.invalid:6379", "nothing answers at no.such.host.invalid:6379"),
    ],
)
def test_an_address_that_is_none_is_one_message(address: str, told: str) -> None:
    with pytest.raises(SpecError, match="--address") as caught:
        connect(address)

    assert told in str(caught.value)
    assert address in str(caught.value)


def test_a_port_at_which_nothing_listens_is_told_before_ray_would_try_for_minutes() -> None:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    with pytest.raises(SpecError, match=f"127.0.0.1:{port}: Connection refused. Start one with"):
        check_address(f"127.0.0.1:{port}")


def test_the_address_of_the_environment_is_checked_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_ADDRESS", "nonsense")

    with pytest.raises(SpecError, match="--engine ray: no Ray cluster was reached: nonsense is no"):
        check_address("")


def test_without_ray_the_extra_to_install_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ray_cluster, "find_spec", lambda _: None)

    with pytest.raises(SpecError, match=r"pip install 'kd-autodistill\[ray\]'"):
        check_address("")


class Resources:
    """A cluster with these resources."""

    def __init__(self, **found: float) -> None:
        self.found = found

    def cluster_resources(self) -> dict[str, float]:
        return self.found


def test_as_many_trials_as_there_are_cores_or_cards_run_at_once() -> None:
    cluster = Cluster(Resources(CPU=9.0, GPU=2.0))

    assert cluster.held(1, "cpu") == 9
    assert cluster.held(4, "auto") == 2
    assert cluster.held(4, "cuda") == 2


def test_a_cluster_without_a_core_yet_wants_a_number_of_workers() -> None:
    with pytest.raises(SpecError, match=r"no core now.*Give --workers N"):
        Cluster(Resources(memory=1.0)).held(1, "cpu")


def test_an_engine_is_known_and_an_address_belongs_to_a_cluster() -> None:
    assert engine_of("local", "", 3) == (None, 3)
    assert engine_of("ray", "", 3) == ("", 3)
    assert engine_of("ray", "auto", 0) == ("auto", 0)
    with pytest.raises(SpecError, match=r"unknown engine 'rey'.*Did you mean 'ray'"):
        engine_of("rey", "", 0)
    with pytest.raises(SpecError, match="--address h:1: it names a Ray cluster; give --engine ray"):
        engine_of("local", "h:1", 0)
