"""Folders of images as cameras, scanners and programs leave them."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from autodistill.datasets import load
from autodistill.errors import DataError


def pictures(folder: Path, *classes: str, rows: int = 20, ending: str = "png") -> Path:
    """Small images in folders by class; each class is brighter than the one before."""
    for number, name in enumerate(classes):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for row in range(rows):
            shade = np.full((4, 6, 3), 40 * number + row, dtype=np.uint8)
            Image.fromarray(shade).save(folder / name / f"{row}.{ending}")
    return folder


def test_hidden_and_system_folders_are_no_classes(tmp_path: Path) -> None:
    pictures(tmp_path, "dark", "light", ".ipynb_checkpoints", "__MACOSX")
    pictures(tmp_path / "light", ".ipynb_checkpoints")
    for name in (".DS_Store", "light/Thumbs.db", "light/._1.png"):
        (tmp_path / name).write_bytes(b"system")

    task = load(str(tmp_path))

    assert task.label_names == ("dark", "light")
    assert task.reading == f"{tmp_path}: 40 rows, 2 classes"
    assert "no class: .ipynb_checkpoints/, __MACOSX/ (hidden, or system)" in task.notes


def test_jfif_is_read_and_other_files_are_counted(tmp_path: Path) -> None:
    pictures(tmp_path, "dark", "light", ending="jpg")
    for path in sorted((tmp_path / "dark").iterdir()):
        path.rename(path.with_suffix(".JFIF"))
    (tmp_path / "dark" / "a.heic").write_bytes(b"an image of a kind that is not read")
    (tmp_path / "empty").mkdir()

    task = load(str(tmp_path))

    assert "40 rows, 2 classes" in task.reading
    assert "1 file below" in " ".join(task.notes)
    assert "no image in empty/: no class of it" in task.notes


@pytest.mark.parametrize("white", [65535, 4095])
def test_sixteen_bit_grey_keeps_its_contrast(tmp_path: Path, white: int) -> None:
    for name, low in (("dark", 0.0), ("light", 0.5)):
        (tmp_path / name).mkdir()
        for row in range(20):
            grey = np.linspace(low, low + 0.5, 24).reshape(4, 6) * white + row / 100
            Image.fromarray(grey.astype(np.uint16)).save(tmp_path / name / f"{row}.png")

    task = load(str(tmp_path))

    assert task.train.images is not None
    means = [task.train.images[task.train.labels == label].mean() for label in (0, 1)]
    np.testing.assert_allclose(means, [0.25 * 255, 0.75 * 255], atol=1)
    assert f"are read with {white} as white" in " ".join(task.notes)


def test_photographs_are_turned_upright(tmp_path: Path) -> None:
    pictures(tmp_path, "dark", "light", ending="jpg")
    for path in tmp_path.glob("*/*.jpg"):
        with Image.open(path) as image:
            exif = image.getexif()
            exif[0x0112] = 6  # the camera was held upright
            image.save(path, exif=exif)

    task = load(str(tmp_path))

    assert task.train.images is not None
    assert task.train.images.shape[1:] == (6, 4, 3)


def test_folders_within_a_class_belong_to_it_and_it_is_said(tmp_path: Path) -> None:
    pictures(tmp_path, "dark", "light")
    pictures(tmp_path / "light", "lamps", rows=3)

    task = load(str(tmp_path))

    assert task.label_names == ("dark", "light")
    assert "images in light/lamps/ count to the class of the folder above: light" in task.notes


def test_a_folder_around_the_classes_is_named(tmp_path: Path) -> None:
    pictures(tmp_path / "data", "dark", "light")

    with pytest.raises(DataError, match=r"it contains: data/ with dark, light.* give the folder"):
        load(str(tmp_path))


def test_all_unreadable_images_are_named_at_once(tmp_path: Path) -> None:
    pictures(tmp_path, "dark", "light")
    (tmp_path / "dark" / "1.png").write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
    for name in ("dark/2.png", "light/3.png"):
        (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:20])

    with pytest.raises(DataError, match=r"a pointer of Git LFS.*So are 2 more: .*2\.png, .*3\.png"):
        load(str(tmp_path))
