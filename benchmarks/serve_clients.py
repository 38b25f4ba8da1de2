"""Clients of a served student: `python -m benchmarks.serve_clients ADDRESS CLIENTS SECONDS`."""

import json
import random
import sys
import threading
import time
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

WORDS = (
    "the",
    "film",
    "story",
    "of",
    "some",
    "day",
    "night",
    "felt",
    "very",
    "good",
    "bad",
    "dull",
)
HEADERS = {"Content-Type": "application/json"}


def run(address: str, clients: int, seconds: float) -> dict[str, Any]:
    """Requests a second, errors, and percentiles of a request's milliseconds."""
    place, ready = urlsplit(address), threading.Barrier(clients)
    taken: list[list[float]] = [[] for _ in range(clients)]
    errors: list[list[str]] = [[] for _ in range(clients)]
    threads = [
        threading.Thread(target=_ask, args=(place.netloc, seconds, n, ready, taken[n], errors[n]))
        for n in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    every = sorted(x for own in taken for x in own)
    wrong = [x for own in errors for x in own]
    return {
        "clients": clients,
        "requests": len(every),
        "errors": len(wrong),
        "first_error": wrong[0] if wrong else None,
        "per_second": len(every) / seconds,
        "p50_ms": _percentile(every, 0.5),
        "p99_ms": _percentile(every, 0.99),
    }


def _ask(
    place: str,
    seconds: float,
    seed: int,
    ready: threading.Barrier,
    taken: list[float],
    errors: list[str],
) -> None:
    """One client: a short text, its answer, the next one."""
    draw, connection = random.Random(seed), HTTPConnection(place, timeout=60)
    ready.wait()
    until = time.perf_counter() + seconds
    while (begin := time.perf_counter()) < until:
        text = " ".join(draw.choices(WORDS, k=draw.randint(4, 16)))
        try:
            connection.request("POST", "/predict", json.dumps({"texts": [text]}), HEADERS)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200 or len(json.loads(body)["predictions"]) != 1:
                raise HTTPException(f"{answer.status}: {body[:200]!r}")
        except (OSError, HTTPException, ValueError, LookupError) as error:
            errors.append(f"{type(error).__name__}: {error}")
            connection.close()
            time.sleep(0.01)
            continue
        taken.append(time.perf_counter() - begin)


def _percentile(every: list[float], share: float) -> float:
    return 1000 * every[min(len(every) - 1, int(share * len(every)))] if every else float("nan")


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))))
