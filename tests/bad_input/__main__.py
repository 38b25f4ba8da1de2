"""Write docs/bad-input.md again: `python -m tests.bad_input`."""

import os

from tests.bad_input.page import write_page

if __name__ == "__main__":
    os.environ |= {"HF_HUB_OFFLINE": "1", "AUTODISTILL_PAST": "0", "OMP_NUM_THREADS": "1"}
    print(*write_page(), sep="\n")
