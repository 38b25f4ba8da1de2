"""Imported once by the fork server, so that a trial starts in milliseconds."""

import lightning
import scipy.stats
import sklearn.metrics
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer
from transformers.models.bert import modeling_bert

from autodistill.train import trial

__all__ = ["AutoConfig", "AutoModelForSequenceClassification", "AutoTokenizer", "lightning", "modeling_bert", "scipy", "sklearn", "trial"]
