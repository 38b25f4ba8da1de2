"""DistilledClassifier is a scikit-learn classifier: fit, predict, clone, pickle, cross-validate."""

import pickle
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone, is_classifier
from sklearn.exceptions import NotFittedError
from sklearn.utils import estimator_checks

import autodistill as ad
from tests.fakes import sentences

ROWS = sentences(300)
TEXTS = [text for text, _ in ROWS]
GOOD = np.array([label == "pos" for _, label in ROWS])
UNLABELLED = 100
UNSEEN = [text for text, _ in sentences(340)[300:]]


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory, teacher: Path) -> ad.DistilledClassifier:
    """One that was fitted to labels 0 and 1, and to rows without any."""
    labels = GOOD.astype(int).astype(object)
    labels[-UNLABELLED:] = None
    place = tmp_path_factory.mktemp("estimator")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTODISTILL_HOME", str(place / "home"))
        model = ad.DistilledClassifier(
            teacher,
            labels=("0", "1"),
            trials=2,
            workers=1,
            storage=place / "own.db",
            past=False,
        )
        return model.fit(TEXTS, labels)


@pytest.mark.slow
def test_predictions_are_classes_as_y_named_them(fitted: ad.DistilledClassifier) -> None:
    found = fitted.predict(UNSEEN)

    assert fitted.classes_.tolist() == [0, 1]
    assert found.dtype == fitted.classes_.dtype
    assert found.tolist() == fitted.predict_proba(UNSEEN).argmax(1).tolist()
    assert fitted.score(TEXTS, GOOD.astype(int)) > 0.8


@pytest.mark.slow
def test_a_fit_says_what_the_search_found(fitted: ad.DistilledClassifier) -> None:
    assert len(fitted.result_.trials) == 2
    assert fitted.student_.metrics["params"] > 0


@pytest.mark.slow
def test_a_pickle_predicts_when_the_first_one_is_gone(fitted: ad.DistilledClassifier) -> None:
    probabilities = fitted.predict_proba(UNSEEN)

    again = pickle.loads(pickle.dumps(fitted))

    assert again.student_.folder != fitted.student_.folder
    assert np.array_equal(again.predict_proba(UNSEEN), probabilities)


@pytest.mark.slow
def test_a_saved_student_predicts_the_same(fitted: ad.DistilledClassifier, tmp_path: Path) -> None:
    place = fitted.save(tmp_path / "student")

    assert np.array_equal(ad.load(place).predict_proba(UNSEEN), fitted.predict_proba(UNSEEN))


@pytest.mark.slow
def test_a_folder_in_the_way_is_not_replaced(
    fitted: ad.DistilledClassifier, tmp_path: Path
) -> None:
    (tmp_path / "student").mkdir()
    (tmp_path / "student" / "mine.txt").touch()

    with pytest.raises(ad.AutodistillError, match="student"):
        fitted.save(tmp_path / "student")

    assert (tmp_path / "student" / "mine.txt").exists()


@pytest.mark.slow
def test_rows_without_a_label_are_answered_by_the_teacher(fitted: ad.DistilledClassifier) -> None:
    assert fitted.result_.record.facts.pool_rows == UNLABELLED


@pytest.mark.slow
def test_a_clone_has_the_same_parameters_and_is_not_fitted(
    fitted: ad.DistilledClassifier,
) -> None:
    copy = clone(fitted)

    assert copy.get_params() == fitted.get_params()
    with pytest.raises(NotFittedError):
        copy.predict(UNSEEN)


def test_a_table_is_refused_with_the_column_to_give() -> None:
    import pandas as pd

    with pytest.raises(ad.SpecError, match=r"frame\['text'\]"):
        ad.DistilledClassifier().fit(pd.DataFrame({"text": TEXTS}), GOOD)


def test_scikit_learn_takes_it_for_a_classifier_of_texts() -> None:
    found = ad.DistilledClassifier()

    assert is_classifier(found)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of checks that need numbers
        estimator_checks.check_estimator(found)


@pytest.mark.parametrize(
    "check",
    [
        estimator_checks.check_estimator_tags_renamed,
        estimator_checks.check_valid_tag_types,
        estimator_checks.check_estimator_repr,
        estimator_checks.check_no_attributes_set_in_init,
        estimator_checks.check_do_not_raise_errors_in_init_or_set_params,
        estimator_checks.check_mixin_order,
        estimator_checks.check_parameters_default_constructible,
    ],
)
def test_it_passes_the_checks_that_need_no_numbers(check: Any) -> None:
    check("DistilledClassifier", ad.DistilledClassifier())
