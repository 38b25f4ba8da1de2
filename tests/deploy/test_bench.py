"""`autodistill bench`: a table of timings for people, and the same as JSON."""

import json
from pathlib import Path

import pandas as pd
import pytest

from autodistill.deploy import engine_timing
from autodistill.deploy.engine_timing import ENGINES, Timing, time_passes, usable_cores
from autodistill.runtime.processor import features, processor_name
from tests.commands import files_in, run_cli, says
from tests.written import write_student


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few passes."""
    monkeypatch.setattr(engine_timing, "SECONDS", 0.0)
    monkeypatch.setattr(engine_timing, "FEWEST", 3)


@pytest.fixture
def _without_onnx(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra `onnx` is not installed."""
    monkeypatch.setattr("autodistill.training.onnx_graph.find_spec", lambda _: None)


@pytest.mark.slow
def test_every_engine_is_timed_and_the_folder_stays_as_it_was(
    tmp_path: Path, teacher: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, out = write_student("bag", tmp_path / "student", teacher), tmp_path / "bench.json"
    before = files_in(folder)

    ran = run_cli("bench", folder, "--json", out)

    assert ran.code == 0, ran.err
    says(ran.out, *ENGINES, "rows/s", "p99 ms", processor_name(), "texts of 32 tokens".capitalize())
    assert files_in(folder) == before
    told = json.loads(out.read_text())
    cells = {(t["engine"], t["batch"], t["threads"]) for t in told["timings"]}
    counts = {1, usable_cores()}
    assert cells == {(e, b, n) for e in ENGINES for b in (1, 32) for n in counts}
    assert all(0 < t["p50_ms"] <= t["p95_ms"] <= t["p99_ms"] for t in told["timings"])
    assert told["machine"]["cores"] == usable_cores()
    assert told["teacher"] is None


@pytest.mark.usefixtures("_without_onnx")
def test_beside_a_teacher_the_student_is_so_many_times_faster(
    tmp_path: Path, teacher: Path
) -> None:
    folder = write_student("bag", tmp_path / "student", teacher)

    ran = run_cli("bench", folder, "--teacher", teacher)

    assert ran.code == 0, ran.err
    says(ran.out, f"Student: {folder}", f"Teacher: {teacher}", "faster")
    first = next(line for line in ran.out.splitlines() if line.startswith("torch float32"))
    assert float(first.split()[-1].removesuffix("x")) > 1


@pytest.mark.usefixtures("_without_onnx")
def test_the_teacher_of_the_recipe_is_known(tmp_path: Path, teacher: Path, reviews: Path) -> None:
    folder = write_student("bag", tmp_path / "student", teacher, reviews)

    ran = run_cli("bench", folder)

    says(ran.out, f"Teacher: {teacher}", "Texts of 12 tokens, the median of the student's dataset")


@pytest.mark.usefixtures("_without_onnx")
def test_without_the_extra_torch_alone_is_timed_and_the_command_that_installs_it_is_named(
    tmp_path: Path, teacher: Path
) -> None:
    ran = run_cli("bench", write_student("bag", tmp_path / "student", teacher))

    assert ran.code == 0, ran.err
    says(ran.out, "torch bfloat16", "Not measured: ", "pip install 'kd-autodistill[onnx]'")
    assert "onnx int8" not in ran.out


@pytest.mark.usefixtures("_without_onnx")
def test_the_length_is_the_median_of_rows_of_one_s_own(tmp_path: Path, teacher: Path) -> None:
    folder, rows = write_student("bag", tmp_path / "student", teacher), tmp_path / "rows.csv"
    pd.DataFrame({"text": ["good film was long"] * 30}).to_csv(rows, index=False)

    ran = run_cli("bench", folder, "--rows", rows)

    says(ran.out, f"Texts of 6 tokens, the median of 30 rows of {rows}")


@pytest.mark.usefixtures("_without_onnx")
@pytest.mark.parametrize("kind", ["bilstm", "residual"])
def test_networks_of_other_shapes_run_in_bfloat16_too(
    kind: str, tmp_path: Path, teacher: Path
) -> None:
    ran = run_cli("bench", write_student(kind, tmp_path / "student", teacher))

    assert ran.code == 0, ran.err
    says(ran.out, "torch bfloat16")


def test_a_teacher_that_is_not_there_is_named(tmp_path: Path, teacher: Path) -> None:
    folder = write_student("bag", tmp_path / "student", teacher)

    ran = run_cli("bench", folder, "--teacher", tmp_path / "nowhere")

    assert ran.code == 2
    says(ran.err, f"--teacher {tmp_path / 'nowhere'}: no network is there")


def test_a_teacher_of_images_is_none_of_texts(tmp_path: Path, teacher: Path) -> None:
    folder = write_student("bag", tmp_path / "student", teacher)
    other = write_student("perceptron", tmp_path / "other", teacher)

    ran = run_cli("bench", folder, "--teacher", other)

    assert ran.code == 2
    says(ran.err, "reads images, the student does not")


@pytest.mark.usefixtures("_without_onnx")
def test_a_teacher_of_images_is_timed_beside_a_student_of_images(
    tmp_path: Path, teacher: Path
) -> None:
    folder = write_student("perceptron", tmp_path / "student", teacher)
    other = write_student("residual", tmp_path / "other", teacher)

    ran = run_cli("bench", folder, "--teacher", other)

    assert ran.code == 0, ran.err
    says(ran.out, f"Teacher: {other}")


@pytest.mark.usefixtures("_without_onnx")
def test_a_table_fits_80_columns(
    tmp_path: Path, teacher: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_student("bag", tmp_path / "s", teacher)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tests.commands.WIDE", {"COLUMNS": "80"})

    ran = run_cli("bench", folder.name, "--teacher", teacher)

    rows = [line for line in ran.out.splitlines() if line.startswith(("torch", "engine"))]
    assert rows
    assert max(map(len, rows)) <= 80


def test_rows_per_second_by_hand() -> None:
    assert Timing("student", "onnx int8", 1.0, 32, 1, 8.0, 9.0, 9.5, 10).rows_per_second == 4000.0


def test_passes_are_timed_by_the_clock_that_is_given() -> None:
    now = [0.0]

    def run(_: object) -> None:
        now[0] += 0.004

    assert time_passes(run, {}, lambda: now[0]) == pytest.approx([4.0] * engine_timing.FEWEST)


def test_a_network_of_seconds_a_pass_does_not_take_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    now, runs = [0.0], list[None]()

    def run(_: object) -> None:
        now[0] += 2.0
        runs.append(None)

    monkeypatch.setattr(engine_timing, "SECONDS", 1.0)
    monkeypatch.setattr("time.monotonic", lambda: now[0])

    assert time_passes(run, {}, lambda: now[0]) == pytest.approx([2000.0] * 3)
    assert len(runs) == 4  # one of them before


def test_the_processor_has_a_name() -> None:
    assert processor_name()
    assert isinstance(features(), tuple)
