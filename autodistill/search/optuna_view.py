"""Optuna's tables as its own pages show them: readable, and with recipes alone as results.

Nothing of this is stored. The search and its samplers read the tables themselves, in which a
baseline is a complete trial like any other.
"""

import copy
from collections.abc import Callable, Container, Mapping
from typing import Any, Protocol

from optuna.storages import BaseStorage
from optuna.trial import FrozenTrial, TrialState

from autodistill.search.running import recipe_of

NOTE_VERSION, NOTE_TEXT = "dashboard:note_ver", "dashboard:note_str:0"
"""The key of a study's note in Optuna's dashboard."""
FOR_PROGRAMS = frozenset({"pipeline", "control", "repeat", "retry_of", "level", "hint", "listed"})
"""Attributes of a trial by which a search goes on."""
Attributes = Mapping[str, Any]


class Notes(Protocol):
    """Facts about studies beside Optuna's tables."""

    def studies(self) -> Mapping[str, Attributes]:
        """Attributes of all studies, by name."""

    def note(self, name: str) -> str:
        """The note of a study, in Markdown; empty where there is nothing to say."""

    def trials(self, name: str) -> Mapping[int, Attributes]:
        """Attributes of its trials, by number; none of a study that is not ours."""


def _passed_on(name: str) -> Callable[..., Any]:
    """A method that the tables themselves answer."""

    def call(self: "OptunaView", *args: Any, **named: Any) -> Any:
        return getattr(self.tables, name)(*args, **named)

    return call


class OptunaView(BaseStorage):
    """The tables, in which baselines look like stopped trials, so that no figure counts them."""

    create_new_study = _passed_on("create_new_study")
    delete_study = _passed_on("delete_study")
    set_study_user_attr = _passed_on("set_study_user_attr")
    set_study_system_attr = _passed_on("set_study_system_attr")
    get_study_id_from_name = _passed_on("get_study_id_from_name")
    get_study_name_from_id = _passed_on("get_study_name_from_id")
    get_study_directions = _passed_on("get_study_directions")
    create_new_trial = _passed_on("create_new_trial")
    set_trial_param = _passed_on("set_trial_param")
    set_trial_state_values = _passed_on("set_trial_state_values")
    set_trial_intermediate_value = _passed_on("set_trial_intermediate_value")
    set_trial_user_attr = _passed_on("set_trial_user_attr")
    set_trial_system_attr = _passed_on("set_trial_system_attr")
    get_trial = _passed_on("get_trial")
    remove_session = _passed_on("remove_session")

    def __init__(self, tables: BaseStorage, notes: Notes) -> None:
        self.tables, self.notes = tables, notes
        self.known: dict[tuple[int, int], tuple[FrozenTrial, FrozenTrial]] = {}
        """Trials that have ended, as they are and as they are shown, by study and number."""

    def get_all_studies(self) -> list[Any]:
        """All studies, with attributes and a note."""
        attributes = self.notes.studies()
        found = []
        for study in self.tables.get_all_studies():
            shown = copy.copy(study)
            shown.user_attrs = {**attributes.get(study.study_name, {}), **study.user_attrs}
            shown.system_attrs = self._with_note(study.study_name, study.system_attrs)
            found.append(shown)
        return found

    def get_study_user_attrs(self, study_id: int) -> dict[str, Any]:
        """Those that were stored, and ours."""
        name = self.tables.get_study_name_from_id(study_id)
        stored = self.tables.get_study_user_attrs(study_id)
        return {**self.notes.studies().get(name, {}), **stored}

    def get_study_system_attrs(self, study_id: int) -> dict[str, Any]:
        """Those that were stored, and the note."""
        name = self.tables.get_study_name_from_id(study_id)
        return self._with_note(name, self.tables.get_study_system_attrs(study_id))

    def get_all_trials(
        self, study_id: int, deepcopy: bool = True, states: Container[TrialState] | None = None
    ) -> list[FrozenTrial]:
        """All trials; those of baselines look stopped."""
        trials = self.tables.get_all_trials(study_id, deepcopy=False)
        known = self.notes.trials(self.tables.get_study_name_from_id(study_id))
        shown = [self._shown((study_id, trial.number), trial, known) for trial in trials]
        kept = [trial for trial in shown if states is None or trial.state in states]
        return copy.deepcopy(kept) if deepcopy else kept

    def _shown(
        self, key: tuple[int, int], trial: FrozenTrial, known: Mapping[int, Attributes]
    ) -> FrozenTrial:
        before = self.known.get(key)
        if before and before[0] is trial:
            return before[1]
        shown = copy.copy(trial)
        if trial.number in known:
            rest = {k: v for k, v in trial.user_attrs.items() if k not in FOR_PROGRAMS}
            shown.user_attrs = {**known[trial.number], **rest}
        elif recipe := recipe_of(trial.user_attrs)[1]:
            shown.user_attrs = {"recipe": recipe, **trial.user_attrs}
        if trial.user_attrs.get("control") and trial.state is TrialState.COMPLETE:
            shown.state, shown.values = TrialState.PRUNED, None
        if trial.state.is_finished():
            self.known[key] = trial, shown
        return shown

    def _with_note(self, name: str, stored: Mapping[str, Any]) -> dict[str, Any]:
        """The stored attributes, and our note unless a person has written one."""
        return dict(stored) if NOTE_VERSION in stored else _WithNote(stored, self.notes, name)


class _WithNote(dict[str, Any]):
    """Attributes of a study; its note is written when somebody looks for it, for it takes a while.

    A list of studies does not look.
    """

    def __init__(self, stored: Mapping[str, Any], notes: Notes, name: str) -> None:
        super().__init__(stored)
        self.notes, self.name = notes, name

    def _complete(self) -> None:
        if NOTE_TEXT not in self.keys():
            self.update({NOTE_VERSION: 0, NOTE_TEXT: self.notes.note(self.name)})

    def __contains__(self, key: object) -> bool:
        if key == NOTE_VERSION:
            self._complete()
        return super().__contains__(key)

    def items(self) -> Any:
        self._complete()
        return super().items()
