"""The address that a server of ours listens on, and the message where it cannot."""

import errno
import ipaddress
import socket

from autodistill.errors import SpecError


def is_local(host: str) -> bool:
    """Whether clients on this machine alone reach a server at this address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there, on any free port for 0; raises SpecError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends small answers at once (TCP_NODELAY) on sockets that name the protocol alone;
    # on others a client waits 40 ms for the second part of each
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen(1024)
    except OSError as error:
        found.close()
        raise refusal(host, port, error) from None
    return found


def refusal(host: str, port: int, error: OSError) -> SpecError:
    """The message for an address that cannot be listened on."""
    why = (error.strerror or "refused").lower()
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return SpecError(
            f"--host {host}: {why}. Give an address of this machine: 127.0.0.1 is reached from "
            "here alone, 0.0.0.0 from everywhere."
        )
    return SpecError(f"--port {port}: {why} on {host}. Give another port; 0 takes any free one.")
