"""AutoML for knowledge distillation: from a dataset and a big model to a recipe for a small one."""

from autodistill.runtime.version import __version__

__all__ = ["__version__"]
