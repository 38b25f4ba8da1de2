"""Figures by area: `python -m tests.fuzz [inputs of each area] [area]`."""

import os
import sys
import tempfile
from pathlib import Path

if __name__ == "__main__":
    os.environ |= {"HF_HUB_OFFLINE": "1", "AUTODISTILL_PAST": "0", "OMP_NUM_THREADS": "1"}
    from tests.fuzz.area import fuzz
    from tests.fuzz.good import make_good
    from tests.fuzz.test_fuzz import AREAS

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 250
    with tempfile.TemporaryDirectory() as place:
        os.environ["AUTODISTILL_HOME"] = f"{place}/home"
        good = make_good(Path(place))
        for area in AREAS:
            if area.name in sys.argv[2:] or not sys.argv[2:]:
                try:
                    print(f"{area.name}: {fuzz(area, good, count, first=1)}", flush=True)
                except Exception as error:
                    import traceback

                    print(f"{area.name}: FAILED {type(error).__name__}: {error}", flush=True)
                    traceback.print_exception(error, limit=-4)
