"""AutoML for knowledge distillation: from a dataset and a big model to a recipe for a small one."""

__version__ = "0.1.0"
