"""Storage in SQL: studies, trial results, facts, and the process searching now.

Our tables live beside Optuna's in one database, SQLite or PostgreSQL, without foreign keys into
them; the pair (study, trial number) joins the two. Commit a trial here first, then `tell` Optuna:
a trial reported to Optuna always has its result here.
"""

from autodistill.storage.engine import as_url, open_engine
from autodistill.storage.lease import Lease
from autodistill.storage.patience import refusals
from autodistill.storage.queries import StudyRow
from autodistill.storage.store import Store

__all__ = ["Lease", "Store", "StudyRow", "as_url", "open_engine", "refusals"]
