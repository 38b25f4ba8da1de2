"""Names of Optuna that are not part of its public interface.

No other module uses one. They make a suggestion faster, never different. Where the
installed Optuna lacks one, or calls it with other arguments, `AVAILABLE` is false: then the
public sampler and the public storage do the work.
"""

import inspect
import warnings
from collections.abc import Callable, Iterable
from typing import Any

import optuna
from numpy.random import RandomState
from numpy.typing import NDArray
from optuna.distributions import BaseDistribution
from optuna.exceptions import ExperimentalWarning
from optuna.samplers import TPESampler
from optuna.storages import BaseStorage, RDBStorage
from optuna.trial import FrozenTrial, TrialState

try:
    from optuna.samplers._tpe import sampler as tpe
    from optuna.search_space.group_decomposed import _SearchSpaceGroup
    from optuna.storages._cached_storage import _CachedStorage
    from optuna.storages._rdb.storage import _create_scoped_session
except ImportError:  # stand-ins, so that this module can be imported and say what is missing
    tpe = _create_scoped_session = None  # type: ignore[assignment]
    _SearchSpaceGroup = object  # type: ignore[misc,assignment]
    _CachedStorage = BaseStorage  # type: ignore[misc,assignment]

CachedStorage = _CachedStorage
"""Optuna's cache over its tables."""
SearchSpaceGroup = _SearchSpaceGroup
"""Knobs that occur together."""
Domains = dict[str, BaseDistribution]
Halves = tuple[list[FrozenTrial], list[FrozenTrial]]
"""Good trials and bad ones."""
Value = tuple[int, str, float, BaseDistribution]
"""Trial, name, value as Optuna keeps it, domain."""


def _sampler() -> TPESampler:
    """One that shows which attributes an instance has."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        return TPESampler(multivariate=True, group=True)


def _storage() -> Any:
    """A cache without a database, for its attributes."""
    return CachedStorage(None)  # type: ignore[arg-type]


OF_A_VALUE = ("param_name", "param_value_internal", "distribution", "previous_distribution")
ANY = None
Used = tuple[Callable[[], Any], str, tuple[str, ...] | None]
"""Owner, name, parameters: `ANY` for what is not called with the ones listed here."""
USED: tuple[Used, ...] = (
    # sorts trials into good and bad ones: the costly step that all groups of knobs can share
    (lambda: tpe, "_split_trials", ("study", "trials", "n_below")),
    # how many trials count as good, by default
    (lambda: tpe, "default_gamma", ("x",)),
    (lambda: tpe, "default_gamma_multiobjective", ("x",)),
    # knobs that occur together, without Optuna's copy at every ask
    (lambda: SearchSpaceGroup, "add_distributions", ("self", "distributions")),
    (_sampler, "_group_decomposed_search_space", ANY),
    # the steps of a suggestion, overridden in OpenTPE to leave out what is known already
    (lambda: TPESampler, "_sample_relative", ("self", "study", "trial", "search_space")),
    (lambda: TPESampler, "_sample", ("self", "study", "trial", "search_space")),
    (lambda: TPESampler, "_get_internal_repr", ("self", "trials", "search_space", "study")),
    # the parts of which a suggestion is put together again, unchanged
    (
        lambda: TPESampler,
        "_build_parzen_estimator",
        ("self", "study", "search_space", "trials", "handle_below"),
    ),
    (
        lambda: TPESampler,
        "_compute_acquisition_func",
        ("self", "samples", "mpe_below", "mpe_above"),
    ),
    (_sampler, "_compare", ("samples", "acquisition_func_vals")),
    # settings of the sampler that its own steps read
    (_sampler, "_n_startup_trials", ANY),
    (_sampler, "_n_ei_candidates", ANY),
    (_sampler, "_constant_liar", ANY),
    (_sampler, "_gamma", ANY),
    (_sampler, "_rng", ANY),
    # all trials as the running suggestion has read them already
    (lambda: optuna.Study, "_get_trials", ("self", "deepcopy", "states", "use_cache")),
    # the cache over the tables: to read and to keep less, to write several values at once
    (_storage, "_read_trials_from_remote_storage", ("study_id",)),
    (_storage, "_add_trials_to_cache", ("study_id", "trials")),
    (_storage, "_backend", ANY),
    (_storage, "_lock", ANY),
    (_storage, "_studies", ANY),
    (_storage, "_trial_id_to_study_id_and_number", ANY),
    (
        lambda: RDBStorage,
        "_set_trial_param_without_commit",
        ("self", "session", "trial_id", *OF_A_VALUE),
    ),
)


def missing(used: Iterable[Used] = USED) -> tuple[str, ...]:
    """Names that the installed Optuna lacks or calls with other parameters."""
    return tuple(name for owner, name, parameters in used if not _is_there(owner, name, parameters))


def _is_there(owner: Callable[[], Any], name: str, parameters: tuple[str, ...] | None) -> bool:
    try:
        found = getattr(owner(), name)
        return parameters is ANY or tuple(inspect.signature(found).parameters) == parameters
    except (AttributeError, TypeError, ValueError):
        return False


AVAILABLE: bool = tpe is not None and not missing()
"""Whether this package's sampler and storage can be used; else Optuna's public ones are."""


class OpenTPE(TPESampler):
    """Optuna's TPE whose inner steps have public names.

    Each is Optuna's own unless it is overridden.
    """

    def use_groups(self, groups: Any) -> None:
        """Take what `calculate(study, use_cache)` of these gives as knobs that occur together."""
        self._group_decomposed_search_space = groups

    @property
    def startup_trials(self) -> int:
        """Trials that are drawn at random before the model is used."""
        return self._n_startup_trials

    def suggest_group(
        self, study: optuna.Study, trial: FrozenTrial, domains: Domains
    ) -> dict[str, Any]:
        """Values for one group of knobs; none while there are too few trials."""
        return super()._sample_relative(study, trial, domains)

    def suggest(self, study: optuna.Study, trial: FrozenTrial, domains: Domains) -> dict[str, Any]:
        """Values by the model."""
        return super()._sample(study, trial, domains)

    def as_numbers(
        self, trials: list[FrozenTrial], domains: Domains, study: optuna.Study
    ) -> dict[str, NDArray[Any]]:
        """A column for each knob, of the trials that have them all."""
        return super()._get_internal_repr(trials, domains, study)

    def best_drawn(
        self, study: optuna.Study, domains: Domains, halves: Halves
    ) -> dict[str, int | float]:
        """The candidate from the good trials that is the least likely among the bad ones."""
        below, above = halves
        good = self._build_parzen_estimator(study, domains, below, handle_below=True)
        bad = self._build_parzen_estimator(study, domains, above, handle_below=False)
        generator: RandomState = self._rng.rng
        drawn = good.sample(generator, self._n_ei_candidates)
        return TPESampler._compare(drawn, self._compute_acquisition_func(drawn, good, bad))

    @property
    def sees_running(self) -> bool:
        """Whether trials that still run count, as bad ones."""
        return self._constant_liar

    def split(self, study: optuna.Study, trials: list[FrozenTrial]) -> Halves:
        """Good and bad ones among these, which have ended with a value, were stopped, or run."""
        if self._gamma is None:
            single = len(study.directions) == 1
            self._gamma = tpe.default_gamma if single else tpe.default_gamma_multiobjective
        ended = sum(t.state != TrialState.RUNNING for t in trials)
        return tpe._split_trials(study, trials, self._gamma(ended))

    def _sample_relative(
        self, study: optuna.Study, trial: FrozenTrial, search_space: Domains
    ) -> dict[str, Any]:
        return self.suggest_group(study, trial, search_space)

    def _sample(
        self, study: optuna.Study, trial: FrozenTrial, search_space: Domains
    ) -> dict[str, Any]:
        return self.suggest(study, trial, search_space)

    def _get_internal_repr(
        self, trials: list[FrozenTrial], search_space: Domains, study: optuna.Study
    ) -> dict[str, NDArray[Any]]:
        return self.as_numbers(trials, search_space, study)


class OpenCache(CachedStorage):
    """Optuna's cache over its tables, whose inner steps have public names."""

    def read_news(self, study: int) -> dict[int, FrozenTrial]:
        """All trials by number; those that had ended before are not read again."""
        self._read_trials_from_remote_storage(study)
        return self._studies[study].trials

    def place_of(self, trial: int) -> tuple[int, int]:
        """Study and number of a trial that was read or made here; study -1 of another."""
        return self._trial_id_to_study_id_and_number.get(trial, (-1, -1))

    def kept(self, trial: FrozenTrial) -> FrozenTrial:
        """A trial as the cache keeps it."""
        return trial

    def keep(self, study: int, trial: FrozenTrial) -> FrozenTrial:
        """Put a trial in the place of what is known of it, as read; all others are known, too."""
        self._add_trials_to_cache(study, [trial])
        known, place = self._studies[study], trial._trial_id
        known.unfinished_trial_ids.add(place)
        if trial.state.is_finished():
            known.unfinished_trial_ids.remove(place)
            known.last_finished_trial_id = max(known.last_finished_trial_id, place)
        return known.trials[trial.number]

    def _add_trials_to_cache(self, study_id: int, trials: list[FrozenTrial]) -> None:
        super()._add_trials_to_cache(study_id, [self.kept(trial) for trial in trials])

    def write_values(self, values: Iterable[Value]) -> None:
        """Keep suggested values in one transaction, and in the cache."""
        with self._lock, _create_scoped_session(self._backend.scoped_session) as session:
            for trial, name, value, domain in values:
                study, _ = self._trial_id_to_study_id_and_number[trial]
                known = self._studies[study].param_distribution
                self._backend._set_trial_param_without_commit(
                    session, trial, name, value, domain, known.get(name)
                )
                known.setdefault(name, domain)


def read_trials(study: optuna.Study, *, use_cache: bool) -> list[FrozenTrial]:
    """All trials, not copied; `use_cache`: as this suggestion has read them before."""
    return study._get_trials(deepcopy=False, use_cache=use_cache)


def trial_id(trial: optuna.Trial | FrozenTrial, study: optuna.Study, storage: BaseStorage) -> int:
    """The storage's number of a study's trial, over all studies.

    The storage is queried where the trial does not hold it.
    """
    known: int | None = getattr(trial, "_trial_id", None)
    if known is not None:
        return known
    place = storage.get_study_id_from_name(study.study_name)
    return storage.get_trial_id_from_study_id_trial_number(place, trial.number)
