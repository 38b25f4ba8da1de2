"""Requirements on a machine that joins a search: rows, teacher, signals, versions, device.

Trials of one study are compared with each other, so a machine whose rows, teacher, versions or kind
of processor differ is refused before its first trial.
"""

from collections.abc import Mapping
from typing import Any

from autodistill.errors import SpecError
from autodistill.prepare.workspace import PreparedWorkspace, Workspace
from autodistill.runtime.device import Device
from autodistill.runtime.settings import trial_threads
from autodistill.search.endings import environment
from autodistill.storage import Store
from autodistill.storage.mailbox import Mailbox
from autodistill.study.facts import StudyFacts
from autodistill.study.study import Study
from autodistill.study.study_differences import differences

MAY_DIFFER = ("optuna", "python")
"""Entries of an environment that change no score: a worker chooses nothing."""
DEVICE = "device"
"""The entry for the kind of processor and its number format."""


def mailbox_of(store: Store, name: str) -> Mailbox | None:
    """The mailbox of a search; None in a file, which is for one machine."""
    return None if store.url.startswith("sqlite") else Mailbox(store.database, name)


def offer_of(workspace: PreparedWorkspace, facts: StudyFacts) -> dict[str, Any]:
    """The requirements of a search on a machine that joins it, and the settings of its trials."""
    return {
        "question": workspace.study.to_dict(),
        "signals": signals_key(workspace),
        "surroundings": surroundings(workspace.device),
        "threads": trial_threads(),
        "on_card": facts.on_card,
        "chooses": workspace.chooses,
    }


def question_of(offer: Mapping[str, Any]) -> Study:
    """The study that is searched."""
    return Study.from_dict(offer["question"])


def signals_key(workspace: PreparedWorkspace) -> str:
    """The teacher's signals by their content: its weights, the rows, the order of labels."""
    return workspace.recording.folder.relative_to(workspace.home).as_posix()


def surroundings(device: Device) -> dict[str, str]:
    """Versions and processor, as far as they change a score."""
    known = {k: v for k, v in environment().items() if k not in MAY_DIFFER}
    return known | {DEVICE: device.speed or f"{device.kind} {device.precision}"}


def unlike(theirs: Mapping[str, str], ours: Mapping[str, str]) -> list[str]:
    """The differences of this machine's surroundings from those of a search."""
    return [
        f"{what}: {theirs.get(what)} there, {ours.get(what)} here"
        for what in {**theirs, **ours}
        if theirs.get(what) != ours.get(what)
    ]


def check_machine(name: str, offer: Mapping[str, Any], workspace: Workspace) -> None:
    """Refuse, before anything is computed, another version or processor, or other rows."""
    if problems := unlike(offer["surroundings"], surroundings(workspace.device)):
        raise _refusal(name, problems, "Install the same versions, or give --device.")
    asked = question_of(offer).fingerprint
    if asked.partition("-")[0] != workspace.task.fingerprint:
        found = "-".join((workspace.task.fingerprint, *asked.split("-")[1:]))
        raise _refusal(
            name,
            differences({"fingerprint": asked}, {"fingerprint": found}),
            f"Bring the same {workspace.study.dataset} to this machine.",
        )


def check_inputs(name: str, offer: Mapping[str, Any], workspace: PreparedWorkspace) -> None:
    """Refuse another teacher, space or other signals than those of the search."""
    asked, found = question_of(offer).fingerprint, workspace.study.fingerprint
    problems = differences({"fingerprint": asked}, {"fingerprint": found})
    if not problems and signals_key(workspace) != offer["signals"]:
        problems = [
            f"the teacher's signals are {offer['signals']} there, {signals_key(workspace)} here."
        ]
    if problems:
        raise _refusal(name, problems, "Share AUTODISTILL_HOME with the machine that searches.")


def _refusal(name: str, problems: list[str], advice: str) -> SpecError:
    return SpecError([f"this machine cannot join the search of '{name}'. {advice}", *problems])
