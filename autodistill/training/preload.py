"""Imported once by the fork server, so that a trial starts in milliseconds."""

from contextlib import suppress

import lightning
import scipy.stats
import sklearn.linear_model
import sklearn.metrics
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer, logging
from transformers.models.bert import modeling_bert

from autodistill.registry import families
from autodistill.registry.slots import slots
from autodistill.training import trial
from autodistill.training.lightning_fit import hush

__all__ = [
    "AutoConfig",
    "AutoModelForSequenceClassification",
    "AutoTokenizer",
    "lightning",
    "modeling_bert",
    "scipy",
    "sklearn",
    "trial",
]

with suppress(ImportError):  # not in every Transformers 5
    from transformers.conversion_mapping import get_checkpoint_conversion_mapping

    get_checkpoint_conversion_mapping("bert")  # compiles a thousand patterns, once
for kind in ("metrics", *dict.fromkeys(slot.family for slot in slots().values())):
    for name in families.names(kind):
        with suppress(
            Exception
        ):  # a member of another package that does not load: the trial that asks for it says so
            families.get(kind, name)
hush()
logging.set_verbosity_error()  # a head that is made anew is no news
logging.disable_progress_bar()
