"""A Ray cluster, reached from this process, which asks and tells and runs none of its trials."""

import logging
import re
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from autodistill.errors import SpecError
from autodistill.runtime.settings import ray_address
from autodistill.runtime.text import first_line

CLIENT, OWN = "ray://", "local"
"""Addresses of Ray Client, and of a cluster of one machine that is made for this process."""
REACH_SECONDS = 5.0
"""Time for a first answer: Ray itself would try for minutes."""


@dataclass(frozen=True)
class Cluster:
    """A connection to a cluster."""

    ray: Any
    """The package."""

    def held(self, cores: int, device: str) -> int:
        """Trials that it holds at once now, of so many cores each, or of a card; raises SpecError.

        `device` is a name, see `Device`.
        """
        found, on_cards = self.ray.cluster_resources(), device.startswith("cuda")
        room = int(found.get("GPU", 0) if on_cards else found.get("CPU", 0) / cores)
        if room < 1:
            what = "card" if on_cards else "core"
            raise SpecError(
                f"--workers 0: the Ray cluster has no {what} now, so nothing says how many trials "
                "may run at once. Give --workers N; a cluster that grows makes room for them."
            )
        return room

    @property
    def nodes(self) -> int:
        """Machines that are there now."""
        return sum(node["Alive"] for node in self.ray.nodes())

    def close(self) -> None:
        """Leave it."""
        self.ray.shutdown()


def check_address(address: str) -> None:
    """Refuse, within seconds, a cluster that this process cannot reach; raises SpecError."""
    if find_spec("ray") is None:
        raise SpecError("--engine ray needs the package ray: pip install 'kd-autodistill[ray]'")
    if address.startswith(CLIENT):
        raise SpecError(
            f"--address {address}: a search runs on a machine of the cluster, not through Ray "
            "Client. Run the command there, as with `ray job submit -- autodistill search ...`."
        )
    where = address or ray_address()
    if where in ("", "auto", OWN):
        return
    if not (parts := re.fullmatch(r"\[?([^\[\]]+)\]?:(\d{1,5})", where)):
        raise _refusal(address, f"{where} is no host:port.")
    try:
        socket.create_connection((parts[1], int(parts[2])), REACH_SECONDS).close()
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or first_line(error)
        raise _refusal(address, f"nothing answers at {where}: {why}.") from None


@contextmanager
def connected(address: str | None) -> Iterator[Cluster | None]:
    """A context in which a cluster is there; None: none is.

    A program that has joined one keeps its own, which has to be that one. Raises SpecError.
    """
    if address is None:
        yield None
        return
    check_address(address)
    import ray

    if ray.is_initialized():
        _check_same(ray.get_runtime_context().gcs_address, address)
        yield Cluster(ray)
        return
    cluster = connect(address)
    try:
        yield cluster
    finally:
        cluster.close()


def connect(address: str) -> Cluster:
    """Join the cluster at `host:port`, or as RAY_ADDRESS says, or the one of this machine.

    Raises SpecError where none answers.
    """
    check_address(address)
    import ray

    before = signal.getsignal(signal.SIGTERM)
    where = address or ray_address() or "auto"
    try:
        ray.init(address=where, log_to_driver=False, logging_level=logging.CRITICAL)
    except (ConnectionError, ValueError, RuntimeError) as error:
        why = (
            "none runs on this machine."
            if where == "auto"
            else f"{first_line(error).rstrip('. ')}."
        )
        raise _refusal(address, why) from None
    finally:  # Ray's own handler would end the process in the middle of anything
        signal.signal(signal.SIGTERM, before)
    return Cluster(ray)


def _check_same(joined: str, address: str) -> None:
    """Refuse another cluster than the one that this program has joined."""
    where = address or ray_address()
    if where not in ("", "auto", OWN, joined):
        raise SpecError(
            f"--address {where}: this program has joined the Ray cluster at {joined}. Leave it "
            "with ray.shutdown(), or name that one."
        )


def _refusal(address: str, why: str) -> SpecError:
    asked = f"--address {address}" if address else "--engine ray"
    return SpecError(
        f"{asked}: no Ray cluster was reached: {why} Start one with `ray start --head`, and give "
        "the host:port that it prints."
    )
