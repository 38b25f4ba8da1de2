"""The content of site-packages: the package with its spaces, nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

from tests.paths import ROOT


def test_the_wheel_holds_the_package_and_its_spaces_and_nothing_else(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    names = zipfile.ZipFile(next(tmp_path.glob("kd_autodistill-*.whl"))).namelist()

    assert {n.split("/")[0].removesuffix(".dist-info").split("-")[0] for n in names} == {
        "autodistill",
        "kd_autodistill",
    }
    assert "autodistill/search_spaces/quick.toml" in names
    assert "autodistill/storage/migrations/versions/0001_first_tables.py" in names
    assert "autodistill/deploy/serve_page.html" in names
    assert "autodistill/py.typed" in names
    assert not [n for n in names if "tests" in n.split("/")]
