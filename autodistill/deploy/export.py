"""The command `autodistill export`: a student's folder gets ONNX files, or is left as it was."""

import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodistill.analysis.metrics import Metric
from autodistill.deploy.names import ABOUT, FLOAT32, INT8
from autodistill.deploy.opened import Opened, open_student
from autodistill.deploy.parity import Parity, compare
from autodistill.deploy.real_rows import RealRows, Wanted, find_rows
from autodistill.errors import ExportError
from autodistill.prepare.quantities import cost_text
from autodistill.registry import families
from autodistill.runtime import files
from autodistill.runtime.cache import refusals, temporary_folder
from autodistill.runtime.progress import Screen
from autodistill.runtime.version import __version__
from autodistill.storage.checks import check_folder
from autodistill.training.int8 import write_int8_images, write_int8_texts
from autodistill.training.onnx_graph import OPSET, Graph, require_packages
from autodistill.training.onnx_network import Inputs, OnnxNetwork

FORMAT = 1
LIBRARIES = ("torch", "transformers", "onnx", "onnxruntime")


def export(folder: Path, wanted: Wanted, screen: Screen, *, int8: bool) -> dict[str, Any]:
    """Write model.onnx, with `int8` model-int8.onnx, and onnx.json; the content of the last.

    Nothing is written where the file does not predict as the student does: raises ExportError.
    """
    require_packages()
    student = open_student(folder)
    check_folder(folder, "the student's folder")
    found = find_rows(student, wanted, screen)
    screen.line(f"rows      {found.source}, {'' if found.labels is not None else 'not '}labelled")
    for note in found.notes:
        screen.line(f"          {note}")
    if int8 and not found.are_real:
        raise ExportError(
            f"--int8 needs real rows, to see what rounding changes: {found.notes[0]}. Nothing was "
            "written; without --int8 generated rows will do."
        )
    with temporary_folder() as home, refusals(folder), ExitStack() as drafts:
        job = _Job(student, found, home, screen)
        places = {n: drafts.enter_context(files.draft(folder / n)) for n in _names(int8)}
        about = job.write(places)
        files.write_text(places[ABOUT], json.dumps(about, indent=1) + "\n")
    return about


def _names(int8: bool) -> tuple[str, ...]:
    return (FLOAT32, *((INT8,) if int8 else ()), ABOUT)


@dataclass(frozen=True)
class _Job:
    """One student on its way to ONNX."""

    student: Opened
    found: RealRows
    home: Path

    screen: Screen

    def write(self, places: dict[str, Path]) -> dict[str, Any]:
        """Write and check the files; what there is to know of them."""
        student, found = self.student, self.found
        self.screen.line(f"export    {student.network.config.model_type} to opset {OPSET}")
        graph = student.write_graph(places[FLOAT32])
        batches = student.batches(found.rows, self.home)
        before = _joined(self.screen, "scoring in torch", batches, student.logits)
        told = {FLOAT32: self._checked(FLOAT32, places[FLOAT32], before, batches)}
        if INT8 in places:
            how = self._round(places)
            told[INT8] = self._checked(INT8, places[INT8], before, batches)
            told[INT8]["quantisation"] = how
        else:
            told |= _kept(student.folder)
        return _about(student, found, graph, told)

    def _round(self, places: dict[str, Path]) -> str:
        """Write the int8 file; how it was done."""
        if not self.student.of_images:
            return write_int8_texts(places[FLOAT32], places[INT8])
        assert self.found.calibration is not None
        batches = self.student.batches(self.found.calibration, self.home)
        return write_int8_images(places[FLOAT32], places[INT8], batches, self.home)

    def _checked(
        self, name: str, place: Path, before: NDArray[np.float32], batches: Sequence[Inputs]
    ) -> dict[str, Any]:
        """Size and parity of a file; raises ExportError where it predicts too differently."""
        after = _joined(self.screen, f"scoring {name}", batches, OnnxNetwork(place, 0))
        metric: Metric = families.build("metrics", self.found.metric, {})
        parity = compare(before, after, metric, self.found.labels)
        fault = parity.fault_of_int8() if name == INT8 else parity.fault_of_float32()
        if fault:
            also = " Without --int8 the float32 file is written." if name == INT8 else ""
            raise ExportError(
                f"{name} does not predict as {self.student.folder} does: on {self.found.source} "
                f"{fault}. Nothing was written.{also}"
            )
        scores = {"score_before": parity.before, "score_after": parity.after}
        return {"bytes": place.stat().st_size, **_parity(parity), **scores}


def _parity(parity: Parity) -> dict[str, Any]:
    told = asdict(parity)
    return {"largest_logit_difference": told["difference"], "agreement": told["agreement"]}


def _joined(screen: Screen, title: str, batches: Sequence[Inputs], run: Any) -> Any:
    """The logits of all batches."""
    found = []
    with screen.bar(title) as tick:
        for done, batch in enumerate(batches, 1):
            found.append(run(batch))
            tick(done, len(batches))
    return np.concatenate(found)


def _kept(folder: Path) -> dict[str, Any]:
    """The entry of an int8 file that was written before; empty where there is none."""
    try:
        before = json.loads((folder / ABOUT).read_text(encoding="utf-8"))["files"][INT8]
    except (OSError, ValueError, LookupError, TypeError):
        return {}
    return {INT8: before} if (folder / INT8).is_file() else {}


def _about(
    student: Opened, found: RealRows, graph: Graph, told: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    read = {"max_length": student.max_length, "pad_id": student.pad_id}
    return {
        "format": FORMAT,
        "opset": OPSET,
        "exporter": graph.exporter,
        "inputs": [{"name": n, "type": t, "shape": list(s)} for n, t, s in graph.inputs],
        "outputs": [{"name": "logits", "type": "float32", "shape": ["batch", len(student.labels)]}],
        "labels": list(student.labels),
        **({} if student.of_images else read),
        "files": told,
        "compared_on": {"rows": len(found.rows), "source": found.source, "real": found.are_real},
        "metric": found.metric if found.labels is not None else None,
        "versions": {"autodistill": __version__} | {name: version(name) for name in LIBRARIES},
    }


def lines(folder: Path, about: dict[str, Any]) -> list[str]:
    """The files, their parity and their inputs, for people."""
    told = []
    for name, file in about["files"].items():
        line = (
            f"{name}: {cost_text('size_bytes', file['bytes'])}, largest logit difference "
            f"{file['largest_logit_difference']:.2g}, same class for {file['agreement']:.1%} of "
            "rows"
        )
        if file["score_before"] is not None:
            line += f", {about['metric']} {file['score_before']:.4f} to {file['score_after']:.4f}"
        told.append(line)
    takes = ", ".join(f"{x['name']} ({', '.join(map(str, x['shape']))})" for x in about["inputs"])
    outside = about["outputs"][0]
    gives = f"{outside['name']} ({', '.join(map(str, outside['shape']))})"
    told.append(f"ONNX opset {about['opset']}: {takes} to {gives}.")
    told.append(f"Written to {folder}, with {ABOUT}; compared on {about['compared_on']['source']}.")
    return told
