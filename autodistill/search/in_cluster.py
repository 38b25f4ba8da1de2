"""The trials of a prepared study in a Ray cluster."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from autodistill.prepare.devices import find_device
from autodistill.prepare.unfinished import run_of
from autodistill.prepare.workspace import PreparedWorkspace
from autodistill.runtime.device import Device
from autodistill.runtime.engine import Engine
from autodistill.runtime.progress import Screen
from autodistill.runtime.ray_cluster import Cluster
from autodistill.runtime.ray_workers import RayWorkers
from autodistill.runtime.settings import trial_threads
from autodistill.search.offers import surroundings, unlike
from autodistill.study.facts import StudyFacts
from autodistill.training.signals import BY_TOKEN, token_folder


def in_cluster(
    cluster: Cluster,
    workspace: PreparedWorkspace,
    workers: int,
    facts: StudyFacts,
    screen: Screen,
) -> Engine:
    """Tasks of a cluster; signals and tokens are copied once to each machine that lacks them."""
    device, share = workspace.data.device, 1 / (facts.on_card or 1)
    machines = "1 machine" if cluster.nodes == 1 else f"{cluster.nodes} machines"
    screen.line(f"cluster   {machines}; at most {workers} trials at once, as Ray finds room")
    return RayWorkers(
        cluster,
        run_of(workspace, trial_threads()),
        replace(workspace.data, device=of_node(device, share)),
        workers=workers,
        cores=trial_threads(),
        cards=share if device.kind == "cuda" else 0.0,
        check=partial(lacks, surroundings(device), device.kind),
        beside=token_folders,
        say=screen.line,
    )


def of_node(device: Device, share: float) -> Device:
    """The device as a task sees it: Ray shows it the cards that it was given, and no other."""
    if device.kind != "cuda":
        return device
    return replace(device, index=0, like=(), memory_share=share)


def lacks(theirs: Mapping[str, str], kind: str) -> list[str]:
    """Why this machine cannot take part in a search with these surroundings."""
    return unlike(theirs, surroundings(find_device(kind)))


def token_folders(signals: Path) -> list[Path]:
    """The folders of token signals beside that of row signals."""
    return [found for kind in BY_TOKEN if (found := token_folder(signals, kind)).exists()]
