"""Tasks for workers in tests; importable by name in a fresh process."""

import os
import signal
import time
from typing import Any


def run(data: Any, ticket: Any, report: Any) -> dict[str, Any]:
    """Do what the ticket says."""
    match ticket.what:
        case "done":
            return {"stopped": report(1, 0.5), "data": data}
        case "who":
            return {"process": os.getpid(), "data": data}
        case "failed":
            raise ValueError("no such thing")
        case "memory":
            raise RuntimeError(
                "DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"
            )
        case "exit":
            os._exit(3)
        case "environment":
            return dict(os.environ)
        case "hang":
            time.sleep(60)
        case name:
            if (number := getattr(signal, name)) != signal.SIGKILL:
                signal.signal(
                    number, signal.SIG_DFL
                )  # a shell may have told its children to ignore it
            os.kill(os.getpid(), number)
            time.sleep(60)
    return {}
