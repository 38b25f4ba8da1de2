"""A browser's part in looking on: asks for pages every two seconds, whether they are new.

`python -m benchmarks.reader ADDRESS...` goes on until it is ended.
"""

import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence

EVERY = 2.0


def read(address: str, version: str) -> str:
    """The version of the page that is there now."""
    asked = urllib.request.Request(address, headers={"If-None-Match": version} if version else {})
    try:
        with urllib.request.urlopen(asked, timeout=120) as answer:
            answer.read()
            return str(answer.headers.get("ETag", ""))
    except urllib.error.HTTPError as error:
        if error.code in (304, 404):  # unchanged, or of a study that is yet to begin
            return version
        raise


def main(addresses: Sequence[str]) -> None:
    """Ask for each, for good."""
    known = dict.fromkeys(addresses, "")
    while True:
        begin = time.monotonic()
        for address in addresses:
            known[address] = read(address, known[address])
        time.sleep(max(0.0, EVERY - (time.monotonic() - begin)))


if __name__ == "__main__":
    main(sys.argv[1:])
