"""Networks that Transformers lacks.

Each is a single file that imports only torch and Transformers, because it is written beside the
weights.
"""

from functools import cache
from pathlib import Path
from typing import Any


@cache
def register() -> None:
    """Register the networks with the Auto classes.

    Their source file is then saved into every folder that holds one.
    """
    from transformers import (
        AutoConfig,
        AutoModelForImageClassification,
        AutoModelForSequenceClassification,
    )

    from autodistill.components.students._networks.perceptron import (
        PerceptronConfig,
        PerceptronForImageClassification,
    )
    from autodistill.components.students._networks.pruned import (
        PrunedConfig,
        PrunedForSequenceClassification,
    )
    from autodistill.components.students._networks.residual import (
        ResidualConfig,
        ResidualForImageClassification,
    )
    from autodistill.components.students._networks.static import (
        StaticConfig,
        StaticForSequenceClassification,
    )
    from autodistill.components.students._networks.words import (
        WordsConfig,
        WordsForSequenceClassification,
    )

    for auto, config, network in (
        (AutoModelForImageClassification, PerceptronConfig, PerceptronForImageClassification),
        (AutoModelForImageClassification, ResidualConfig, ResidualForImageClassification),
        (AutoModelForSequenceClassification, PrunedConfig, PrunedForSequenceClassification),
        (AutoModelForSequenceClassification, StaticConfig, StaticForSequenceClassification),
        (AutoModelForSequenceClassification, WordsConfig, WordsForSequenceClassification),
    ):
        AutoConfig.register(config.model_type, config)
        auto.register(config, network)
        config.register_for_auto_class()
        network.register_for_auto_class(auto.__name__)


def read_config(folder: Path, **changed: Any) -> Any:
    """The config of the network in a folder, with these attributes changed."""
    from transformers import AutoConfig

    register()
    return AutoConfig.from_pretrained(folder, local_files_only=True, **changed)


def classifiers_of(config: Any) -> Any:
    """The Auto class for networks with this config: image or text classifiers."""
    from transformers import AutoModelForImageClassification, AutoModelForSequenceClassification
    from transformers.models.auto.modeling_auto import MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING

    register()
    return (
        AutoModelForImageClassification
        if type(config) in MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING
        else AutoModelForSequenceClassification
    )


def untrained(config: Any) -> Any:
    """A classifier of this shape with random weights.

    The weights come from torch's global generator.
    """
    import torch

    return classifiers_of(config).from_config(config, dtype=torch.float32)


def unset(config: Any) -> Any:
    """A classifier of this shape whose weights hold anything; no random number is drawn."""
    try:
        from transformers.initialization import no_init_weights
    except ImportError:  # missing in some releases of Transformers 5
        return untrained(config)
    with no_init_weights():
        return untrained(config)
