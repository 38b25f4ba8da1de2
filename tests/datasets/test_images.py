"""Images: digits, folders by class, tables of the hub; and what is said of those that are none."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from autodistill.datasets import load
from autodistill.datasets._images import common_size, of_size
from autodistill.errors import DataError, SpecError
from tests.fakes import bright_images, image_folder

from .conftest import Writer


def png(image: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]") -> bytes:
    """Without loss."""
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "png")
    return stream.getvalue()


def test_digits_are_there_without_a_network() -> None:
    task = load("digits")

    assert task.of_images
    assert task.label_names == tuple("0123456789")
    assert (len(task.train), len(task.selection), len(task.test)) == (1150, 288, 359)
    assert task.train.images is not None
    assert (task.train.images.shape[1:], task.train.images.max()) == ((8, 8, 3), 255)
    with pytest.raises(SpecError, match="'digits' has no columns to choose"):
        load("digits", columns={"text": "a"})


def test_a_folder_of_images_has_its_classes_by_folder(tmp_path: Path) -> None:
    task = load(str(image_folder(tmp_path / "pictures")))

    assert task.label_names == ("left", "middle", "right")
    assert len(task.train) + len(task.selection) + len(task.test) == 150
    assert task.train.images is not None
    known = {image.tobytes(): label for image, label in zip(*bright_images(150))}
    assert [known[i.tobytes()] for i in task.train.images] == task.train.labels.tolist()


def test_folders_of_splits_are_used_as_splits(tmp_path: Path) -> None:
    image_folder(tmp_path / "train")
    image_folder(tmp_path / "test", 30)

    task = load(str(tmp_path))

    assert (len(task.train) + len(task.selection), len(task.test)) == (150, 30)
    assert "test rows have the same image as a train row: scores may be too high" in " ".join(
        task.notes
    )


def test_splits_without_train_are_told(tmp_path: Path) -> None:
    image_folder(tmp_path / "test")

    with pytest.raises(DataError, match="has no train split; it contains: test"):
        load(str(tmp_path))


def test_a_table_of_the_hub_holds_images_as_bytes_and_names_classes_in_a_file(
    write: Writer, tmp_path: Path
) -> None:
    images, labels = bright_images(60)
    rows = [
        {"image": {"bytes": png(i), "path": None}, "label": int(label)}
        for i, label in zip(images, labels)
    ]
    write("pictures/train.parquet", rows)
    (tmp_path / "pictures" / "classes.txt").write_text("left\nmiddle\nright\n")

    task = load("pictures", data_root=tmp_path)

    assert task.label_names == ("left", "middle", "right")
    assert task.train.images is not None
    assert task.train.origin is not None
    assert np.array_equal(task.train.images, images[task.train.origin])


def test_a_table_may_name_files_beside_it(write: Writer, tmp_path: Path) -> None:
    for number, image in enumerate(bright_images(30)[0]):
        (tmp_path / f"{number}.png").write_bytes(png(image))
    path = write("pictures.csv", [{"image": f"{i}.png", "label": "abc"[i % 3]} for i in range(30)])

    assert load(str(path)).of_images
    (tmp_path / "7.png").write_bytes(b"no image")
    with pytest.raises(
        DataError,
        match=r"pictures\.csv, row 9: this image cannot be read \(no image, or of an unknown",
    ):
        load(str(path))


def test_images_of_different_sizes_are_brought_to_one_and_it_is_said(tmp_path: Path) -> None:
    folder = image_folder(tmp_path / "pictures")
    Image.fromarray(np.full((20, 30, 3), 200, dtype=np.uint8)).save(folder / "left" / "large.png")

    task = load(str(folder))

    assert task.train.images is not None
    assert task.train.images.shape[1:] == (8, 8, 3)
    assert "images are resized to 8 by 8 pixels" in task.notes


def test_sizes_stay_where_they_agree_and_are_no_larger_than_classifiers_take() -> None:
    def empty(*size: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
        return np.zeros((*size, 3), dtype=np.uint8)

    assert common_size([empty(20, 30)] * 3) == (20, 30)
    assert common_size([empty(20, 30), empty(40, 30), empty(50, 60)]) == (30, 30)
    assert common_size([empty(500, 400)]) == (224, 224)
    assert of_size(empty(20, 30), (8, 9)).shape == (8, 9, 3)


def test_an_image_that_is_missing_is_told(write: Writer) -> None:
    path = write(
        "pictures.parquet",
        [{"image": {"bytes": png(bright_images(1)[0][0]), "path": None}, "label": 0}] * 20
        + [{"image": None, "label": 1}],
    )

    with pytest.raises(DataError, match=r"no image at row 21; remove this row"):
        load(str(path))


def test_a_data_set_of_the_hub_holds_images_with_the_names_of_its_classes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import datasets

    images, labels = bright_images(60)
    features = datasets.Features(
        {
            "img": datasets.Image(),
            "fine_label": datasets.ClassLabel(names=["left", "middle", "right"]),
        }
    )
    columns = {
        "img": [{"bytes": png(i), "path": None} for i in images],
        "fine_label": labels.tolist(),
    }
    loaded = datasets.DatasetDict({"train": datasets.Dataset.from_dict(columns, features=features)})
    monkeypatch.setattr(datasets, "load_dataset", lambda *_, **__: loaded)

    task = load("owner/pictures")

    assert task.label_names == ("left", "middle", "right")
    assert task.train.images is not None
    assert task.train.origin is not None
    assert np.array_equal(task.train.images, images[task.train.origin])
