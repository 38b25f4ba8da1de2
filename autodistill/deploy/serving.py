"""Address and limits of a server; light, for the command line reads its defaults."""

from dataclasses import dataclass, field

from autodistill.runtime.listening import is_local


@dataclass(frozen=True)
class Limits:
    """The sizes that a server takes."""

    most_rows: int = 64
    """Inputs in a pass of the network."""
    most_bytes: int = 1_000_000
    """Bytes of a body."""


@dataclass(frozen=True)
class Serving:
    """Address, engine and limits of a server."""

    host: str = "127.0.0.1"
    port: int = 8000
    """0: any free one."""
    engine: str = "auto"
    threads: int | None = None
    """Threads of the network; None: one for each core."""
    limits: Limits = field(default_factory=Limits)

    @property
    def local(self) -> bool:
        """Whether clients on this machine alone reach it."""
        return is_local(self.host)
