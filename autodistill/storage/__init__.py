"""What happened, in SQL: studies, outcomes, facts, and who is searching right now.

Our tables live beside Optuna's in one database, SQLite or PostgreSQL, without foreign keys into them; the pair
(study, trial number) joins the two. Commit an outcome here first, then `tell` Optuna: a told trial always has its outcome.
"""

from autodistill.storage.engine import as_url, open_engine, refusals
from autodistill.storage.lease import Lease
from autodistill.storage.store import Store, StudyRow

__all__ = ["Lease", "Store", "StudyRow", "as_url", "open_engine", "refusals"]
