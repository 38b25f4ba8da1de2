"""Hub names: from a data root, from the cache, and what is said when there is neither."""

import shutil
from pathlib import Path

import pytest

from autodistill.datasets import hub, load
from autodistill.errors import DataError
from autodistill.registry import families

from .conftest import Rows, Writer

TRAIN = "train-00000-of-00001.parquet"


def sentences(count: int, start: int = 0) -> Rows:
    return [{"sentence": f"sentence {start + i}", "label": i % 2, "idx": i} for i in range(count)]


def hidden(count: int) -> Rows:
    return [{**row, "label": -1} for row in sentences(count, 900)]


def test_hidden_test_labels_make_validation_the_test_split(write: Writer, tmp_path: Path) -> None:
    write(f"glue/sst2/{TRAIN}", sentences(50))
    write("glue/sst2/validation-00000-of-00001.parquet", sentences(20, 100))
    write("glue/sst2/test-00000-of-00001.parquet", hidden(30))

    task = load("glue/sst2", data_root=tmp_path)

    assert (len(task.train), len(task.selection), len(task.test)) == (40, 10, 20)
    assert task.label_names == ("negative", "positive")
    assert task.source == str(tmp_path / "glue" / "sst2")
    assert task.notes == (
        "the test split has no labels and is not used",
        "the validation split serves as held-out test",
    )


@pytest.mark.parametrize(
    ("name", "metric"), [("glue/cola", "matthews"), ("glue/mrpc", "f1"), ("glue/rte", "accuracy")]
)
def test_metric_follows_the_dataset_also_by_path(
    write: Writer, tmp_path: Path, name: str, metric: str
) -> None:
    write(f"{name}/{TRAIN}", sentences(50))

    assert load(name, data_root=tmp_path).metric == metric
    assert load(f"nyu-mll/{name}", data_root=tmp_path).metric == metric
    assert load(str(tmp_path / name)).metric == metric
    assert load(name, data_root=tmp_path, metric="macro_f1").metric == "macro_f1"


def test_declared_class_names_are_used_in_their_order(write: Writer, tmp_path: Path) -> None:
    features = {
        "sentence": {"dtype": "string", "_type": "Value"},
        "label": {"names": ["zebra", "ape"], "_type": "ClassLabel"},
    }
    write(f"me/animals/{TRAIN}", sentences(50), {"info": {"features": features}})

    task = load("me/animals", data_root=tmp_path)

    assert task.label_names == ("zebra", "ape")
    even = [text for text, label in zip(task.train.first, task.train.labels) if label == 0]
    assert {int(text.split()[1]) % 2 for text in even} == {0}


def test_a_label_outside_the_declared_names_is_refused(write: Writer, tmp_path: Path) -> None:
    features = {"label": {"names": ["a", "b"], "_type": "ClassLabel"}}
    write(
        f"me/animals/{TRAIN}",
        [*sentences(50), {"sentence": "x", "label": 5, "idx": 0}],
        {"info": {"features": features}},
    )

    with pytest.raises(
        DataError, match="labels outside the classes of the train split: 5; the classes are: a, b"
    ):
        load("me/animals", data_root=tmp_path)


def test_test_labels_that_train_lacks_are_named_by_their_declared_name(
    write: Writer, tmp_path: Path
) -> None:
    meta = {"info": {"features": {"label": {"names": ["a", "b", "c"], "_type": "ClassLabel"}}}}
    write(f"me/animals/{TRAIN}", sentences(50), meta)
    write(
        "me/animals/test-00000-of-00001.parquet",
        [*sentences(20, 60), {"sentence": "x", "label": 2, "idx": 0}],
        meta,
    )

    with pytest.raises(DataError, match="has labels that the train split does not have: c"):
        load("me/animals", data_root=tmp_path)


def test_nothing_found_says_what_was_tried_and_what_to_do(write: Writer, tmp_path: Path) -> None:
    write(f"glue/sst2/{TRAIN}", sentences(50))

    with pytest.raises(DataError) as caught:
        load("glue/sst3", data_root=tmp_path)

    text = str(caught.value)
    assert text.startswith(
        f"dataset 'glue/sst3' cannot be found: no folder {tmp_path / 'glue/sst3'}; "
        f"not in the cache of the hub; "
    )
    assert "HF_HUB_OFFLINE is set" in text
    assert "Did you mean 'glue/sst2'" in text
    assert text.endswith(
        "Give a CSV, TSV, JSONL or parquet file, "
        "a data root with its parquet files (AUTODISTILL_DATA), or a network connection."
    )


def test_a_dead_network_is_named_without_retries(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import huggingface_hub

    asked = []

    def dead(self: object, repo: str, **_: object) -> None:
        asked.append(repo)
        raise ConnectionError("Name or service not known")

    monkeypatch.setattr(huggingface_hub.HfApi, "dataset_info", dead)

    with pytest.raises(DataError, match=r"the hub cannot be reached \(Name or service not known\)"):
        load("someone/something")

    assert asked == ["someone/something"]
    assert caplog.text == ""


def test_a_name_that_the_hub_does_not_know_is_tried_both_ways(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hub, "_exists", lambda repo: False)

    with pytest.raises(
        DataError, match=r"the hub has no public dataset a/b; the hub has no public dataset a."
    ):
        load("a/b")


def test_the_cache_of_the_hub_is_enough(write: Writer, tmp_path: Path) -> None:
    from datasets import ClassLabel, Features, Value
    from datasets.packaged_modules.parquet.parquet import Parquet

    path = write("made/train.parquet", sentences(50))
    names = Features(
        {
            "sentence": Value("string"),
            "label": ClassLabel(names=["down", "up"]),
            "idx": Value("int64"),
        }
    )
    files = {"train": [str(path)]}
    builder = Parquet(
        str(tmp_path / "made"),
        dataset_name="glue",
        config_name="sst2",
        hash="0" * 40,
        data_files=files,
        features=names,
    )
    builder.download_and_prepare()
    shutil.copytree(
        builder.cache_dir, tmp_path / "cache" / "nyu-mll___glue" / "sst2" / "0.0.0" / ("0" * 40)
    )

    task = load("glue/sst2")

    assert task.source == "the hub's nyu-mll/glue (sst2)"
    assert task.label_names == ("down", "up")
    assert len(task.train) + len(task.selection) + len(task.test) == 50


def test_names_with_slashes_may_be_owner_or_configuration() -> None:
    assert hub._places("glue/sst2") == [("nyu-mll/glue", "sst2")]
    assert hub._places("imdb") == [("stanfordnlp/imdb", None)]
    assert hub._places("a/b") == [("a/b", None), ("a", "b")]
    assert hub._places("a/b/c") == [("a/b", "c")]


def test_files_are_never_asked_of_the_hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(DataError, match=r"no file or folder reviews\.csv"):
        load("reviews.csv")


def test_family_knows_its_members() -> None:
    assert families.names("tasks")[:4] == ("bbc_news", "digits", "hub", "table")
    assert families.get("tasks", "hub").__name__ == "Hub"
