"""Size and speed of a student, and its teacher's answers on the held-out test."""

from pathlib import Path
from typing import Any

import numpy as np

from autodistill.components.students import Backbone, load_teacher
from autodistill.deploy.names import PLAIN, WEIGHTS
from autodistill.prepare.record_signals import record
from autodistill.prepare.workspace import PreparedWorkspace
from autodistill.report.sentences import whose
from autodistill.runtime.progress import Screen
from autodistill.training.full import Trained
from autodistill.training.latency import latency_ms


def size_of(draft: Path, workspace: PreparedWorkspace, trained: Trained, length: int) -> Any:
    """Size and speed of the student beside its teacher's."""
    images = workspace.task.test.images
    teacher = load_teacher(workspace.data.backbone)
    return {
        "params": int(trained.size["params"]),
        "teacher_params": sum(p.numel() for p in teacher.parameters()),
        "teacher_is": whose(workspace.study.teacher),
        "layers": trained.network.config.num_hidden_layers,
        "teacher_layers": workspace.data.backbone.layers,
        "size_bytes": (draft / WEIGHTS).stat().st_size,
        "latency_ms": round(latency_ms(trained.network, length), 3),
        **(
            {"image": list(images.shape[1:3])} if images is not None else {"latency_tokens": length}
        ),
        "own_code": ", ".join(sorted(p.name for p in draft.glob("*.py") if p.name != PLAIN)),
    }


def teacher_logits(workspace: PreparedWorkspace, backbone: Backbone, screen: Screen) -> Any:
    """The teacher's logits on the held-out test rows."""
    tokens = workspace.tokens(workspace.teacher.folder, workspace.task.test)
    with screen.bar("scoring the teacher on the held-out test") as tick:
        recorded = record(
            backbone,
            workspace.teacher.key,
            tokens,
            workspace.home,
            device=workspace.data.device,
            tick=tick,
        )
    return np.load(recorded.folder / "logits.npy")
