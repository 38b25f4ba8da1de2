"""The network that images begin from, and teachers that do not fit."""

import numpy as np
import pytest

from autodistill.components.students._pixels import Look
from autodistill.components.teachers import find, sha256
from autodistill.errors import TeacherError
from tests.fakes import bright_images


def test_embedded_means_a_residual_network_for_images_and_is_the_same_every_time() -> None:
    images = bright_images(30)[0]

    found = find("embedded", images)

    assert (found.name, found.tuned, found.label_names) == ("residual", False, ())
    assert Look.read(found.folder) == Look.fitting(images)
    before = sha256(found.folder / "model.safetensors")
    assert find("residual", images) == found
    assert sha256(found.folder / "model.safetensors") == before
    assert find("residual", np.clip(images, 0, 100)).key != found.key


def test_texts_do_not_begin_from_it() -> None:
    with pytest.raises(
        TeacherError, match="'residual' is for images, but this dataset holds texts"
    ):
        find("residual")


def test_a_classifier_of_texts_does_not_teach_images(teacher: object) -> None:
    with pytest.raises(
        TeacherError,
        match="is BertForSequenceClassification, not a fine-tuned classifier of images",
    ):
        find(str(teacher), bright_images(3)[0])
