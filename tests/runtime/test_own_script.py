"""A person's script: a part defined in it, and no guard around what it does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = '''
import sys
from typing import Annotated
import autodistill as ad
from autodistill.components.losses import RowLoss

print("begins")
SCALE = 1.0

class Distance(RowLoss):
    """Distance of the logits, to a power."""

    kind = "logit"
    needs = frozenset({"logits"})
    at_match = "zero"

    def __init__(self, *, power: Annotated[float, ad.Real(1.0, 3.0)] = 2.0) -> None:
        super().__init__()
        self.power = power

    def rows(self, student, teacher, labels):
        return SCALE * (student - teacher).abs().pow(self.power).mean(1)

ad.register("losses", Distance)
space = {
    "student": {"cut": {"keep": [0.5]}}, "hard": {"ce": {}}, "logit": {"distance": {}},
    "feature": {"none": {}}, "mapping": {"last": {}}, "optimizer": {"adamw": {}},
}
study = ad.Study(sys.argv[1], teacher=sys.argv[2], space=space)
result = ad.search(study, trials=2, workers=1, past=False)
print([(t.status, t.error) for t in result.trials])
print([str(t.loss) for t in result.trials[0].pipeline.terms])
'''


@pytest.mark.slow
def test_a_part_of_a_script_is_searched_in_workers_that_do_not_run_the_script_again(
    tmp_path: Path, reviews: Path, teacher: Path
) -> None:
    (tmp_path / "script.py").write_text(SCRIPT)

    ran = subprocess.run(
        [sys.executable, "script.py", str(reviews), str(teacher)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )

    begins, statuses, losses = ran.stdout.strip().splitlines()
    assert begins == "begins"
    assert statuses == "[('complete', ''), ('complete', '')]", ran.stderr
    assert "distance(power=2)" in losses
