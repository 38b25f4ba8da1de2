"""The trials of a study, and whether all tables agree on them."""

from collections import Counter
from collections.abc import Collection

from autodistill.search.optuna_storage import open_tables
from autodistill.storage import Store
from autodistill.study.results import Trial


def outcomes(url: str, study: str) -> tuple[Trial, ...]:
    """All of a study; none before it has begun."""
    store = Store(url)
    try:
        known = [row.name for row in store.studies()]
        return store.record(study).outcomes if study in known else ()
    finally:
        store.close()


def faults(url: str, study: str, finished: Collection[Trial]) -> list[str]:
    """Runs that were repeated by accident, and trials on which Optuna's tables differ."""
    runs = Counter((o.pipeline.key, o.baseline, o.seed) for o in finished)
    found = [f"{run} was run {count} times" for run, count in runs.items() if count > 1]
    tables = open_tables(url)
    trials = tables.get_all_trials(tables.get_study_id_from_name(study), deepcopy=False)
    tables.remove_session()
    tables.engine.dispose()
    running = [t.number for t in trials if t.state.name == "RUNNING"]
    told = {t.number for t in trials if t.state.name in ("COMPLETE", "PRUNED")}
    ended = {o.number for o in finished if o.status in ("complete", "stopped")}
    if running or told != ended:
        found.append(f"Optuna's tables: {running} run, {sorted(told ^ ended)} differ")
    return found
