import subprocess
import sys

import pytest

from autodistill.analysis.variance import by_slot
from autodistill.search.importance import importances
from tests.surveys import survey


def test_the_stage_that_matters_has_the_largest_share() -> None:
    found = by_slot(importances(survey(mixup=0.03, feature=0.0, noise=0.005)))

    assert max(found, key=lambda stage: found[stage]) == "mixup"
    assert sum(found.values()) == pytest.approx(1.0)


def test_a_study_of_a_few_runs_says_nothing() -> None:
    assert importances(survey(runs=9)) == {}


def test_importances_need_no_forests_and_hide_scikit_learn_from_nobody_later() -> None:
    code = (
        "import sys\n"
        "from autodistill.search.importance import importances, load\n"
        "from tests.surveys import survey\n"
        "load()\n"
        "print(len(importances(survey(mixup=0.03, feature=0.0, noise=0.005))) > 0)\n"
        "print(*[name for name in ('sklearn', 'pandas') if name in sys.modules])\n"
        "import sklearn"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["True"]
