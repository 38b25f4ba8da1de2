"""What workers are made to do in tests; importable by name in a fresh process."""

import os
import signal
import time
from typing import Any


def run(data: Any, ticket: Any, report: Any) -> dict[str, Any]:
    """Do what the ticket says."""
    match ticket.what:
        case "done":
            return {"stopped": report(1, 0.5), "data": data}
        case "failed":
            raise ValueError("no such thing")
        case "memory":
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes")
        case "exit":
            os._exit(3)
        case "hang":
            time.sleep(60)
        case name:
            os.kill(os.getpid(), getattr(signal, name))
            time.sleep(60)
    return {}
