"""Every kind of student as ONNX: onnxruntime predicts what torch predicts, at any size."""

from pathlib import Path

import numpy as np
import pytest

from autodistill.deploy.opened import Opened, open_student
from autodistill.errors import ExportError, SpecError, StorageError
from autodistill.registry import families
from autodistill.training.int8 import write_int8_images, write_int8_texts
from autodistill.training.onnx_graph import require_packages
from autodistill.training.onnx_network import OnnxNetwork
from tests.written import write_student

LIKE_CUT = ("checkpoint", "factorised", "pruned", "scratch", "slim", "subset", "vit")
"""Students that are a transformer as `cut` is here; each takes seconds."""
KINDS = [
    pytest.param(kind, marks=pytest.mark.slow if kind in LIKE_CUT else ())
    for kind in families.names("students")
]
SIZES = ((1, 1), (1, 5), (3, 12), (5, 40))


def largest_difference(student: Opened, session: OnnxNetwork, batch: int, tokens: int) -> float:
    """Largest difference of two logits, of torch and of onnxruntime."""
    given = student.example(tokens, batch, ends=tokens // 3)
    return float(np.abs(student.logits(given) - session(given)).max())


@pytest.fixture(scope="module", params=KINDS)
def exported(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, teacher: Path
) -> tuple[Opened, Path]:
    """A student of each kind, and its ONNX file."""
    place = tmp_path_factory.mktemp(request.param)
    student = open_student(write_student(request.param, place / "student", teacher))
    student.write_graph(place / "model.onnx")
    return student, place / "model.onnx"


def test_a_student_of_every_kind_predicts_the_same_in_onnx(exported: tuple[Opened, Path]) -> None:
    student, file = exported

    session = OnnxNetwork(file)

    assert max(largest_difference(student, session, *size) for size in SIZES) < 1e-5
    assert session.takes == tuple(student.example(3))


def test_a_student_of_every_kind_runs_in_int8(
    exported: tuple[Opened, Path], tmp_path: Path
) -> None:
    (student, file), small = exported, tmp_path / "int8.onnx"
    given = student.example(12, batch=3, ends=4)

    if student.of_images:
        pixels = np.random.default_rng(0).normal(size=(20, 3, 8, 8)).astype(np.float32)
        given = {"pixel_values": pixels}
        write_int8_images(file, small, [given], tmp_path)
    else:
        write_int8_texts(file, small)

    spread = float(np.ptp(student.logits(given)))
    assert np.abs(OnnxNetwork(small)(given) - student.logits(given)).max() < 0.5 * spread + 1e-3
    assert small.stat().st_size < file.stat().st_size or student.of_images  # too tiny to shrink


def test_the_older_exporter_takes_what_the_new_one_does_not(tmp_path: Path, teacher: Path) -> None:
    made = [
        open_student(write_student(kind, tmp_path / kind, teacher)).write_graph(
            tmp_path / f"{kind}.onnx"
        )
        for kind in ("bag", "bilstm")
    ]

    assert [graph.exporter for graph in made] == ["torch.export", "TorchScript"]
    assert made[0].inputs == made[1].inputs
    assert made[0].inputs[0] == ("input_ids", "int64", ("batch", "tokens"))


def test_segments_are_an_input_of_networks_that_tell_them_apart(
    tmp_path: Path, teacher: Path
) -> None:
    names = [
        list(open_student(write_student(kind, tmp_path / kind, teacher)).example(3))
        for kind in ("bag", "cut")
    ]

    assert names[0] == ["input_ids", "attention_mask"]
    assert names[1] == [*names[0], "token_type_ids"]


def test_a_network_with_parts_that_onnx_does_not_hold_is_refused_with_the_reason(
    tmp_path: Path, teacher: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    student = open_student(write_student("bag", tmp_path / "student", teacher))

    def no_translation(*_: object, dynamo: bool, **__: object) -> None:
        raise RuntimeError(f"no translation of aten::odd, dynamo {dynamo}")

    monkeypatch.setattr("torch.onnx.export", no_translation)

    with pytest.raises(ExportError, match=r"has parts that ONNX does not hold") as told:
        student.write_graph(tmp_path / "model.onnx")

    assert "torch.export: RuntimeError no translation of aten::odd, dynamo True" in str(told.value)
    assert "dynamo False" in str(told.value)
    assert not (tmp_path / "model.onnx").exists()


def test_a_package_that_is_missing_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "autodistill.training.onnx_graph.find_spec",
        lambda n: None if n == "onnx" else object(),
    )

    with pytest.raises(
        ExportError, match=r"needs the package onnx: pip install 'kd-autodistill\[onnx\]'"
    ):
        require_packages()


def test_a_folder_that_is_no_student_s_is_named(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"it has no config\.json"):
        open_student(tmp_path)
    with pytest.raises(SpecError, match="it does not exist"):
        open_student(tmp_path / "nowhere")


def test_a_folder_with_damaged_weights_is_named_with_the_reason(
    tmp_path: Path, teacher: Path
) -> None:
    folder = write_student("bag", tmp_path / "student", teacher)
    weights = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(weights[: len(weights) // 2])

    with pytest.raises(StorageError, match=r"the student in .* cannot be loaded \("):
        open_student(folder)
