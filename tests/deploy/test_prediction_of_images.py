"""Images in a folder or a table, and a student that reads them."""

from pathlib import Path

import pandas as pd
import pytest

from autodistill.deploy import prediction
from tests.commands import run_cli, says
from tests.deploy.test_prediction import ROWS, predict, rows_of
from tests.fakes import image_folder, write_csv


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Images in folders by class, and an untrained student of them."""
    import torch
    from transformers import ViTConfig, ViTForImageClassification

    from autodistill.components.students._pixels import Look

    home = tmp_path_factory.mktemp("pictures")
    image_folder(home / "images", 12)
    torch.manual_seed(0)
    names = ("left", "middle", "right")
    config = ViTConfig(
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        image_size=8,
        patch_size=4,
        id2label=dict(enumerate(names)),
        label2id={name: i for i, name in enumerate(names)},
    )
    ViTForImageClassification(config).save_pretrained(home / "student")
    Look((8, 8), (0.5,) * 3, (0.5,) * 3).write(home / "student")
    return home


def test_images_in_a_folder_or_a_table_are_predicted(
    pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prediction, "IMAGES_AT_ONCE", 5)
    files = sorted((pictures / "images").rglob("*.png"))
    names = [path.relative_to(pictures).as_posix() for path in files]
    pd.DataFrame({"image": names}).to_csv(pictures / "rows.csv", index=False)
    held = [{"bytes": path.read_bytes(), "path": None} for path in files]
    pd.DataFrame({"image": held}).to_parquet(pictures / "rows.parquet")

    by_folder, by_name, by_bytes = (
        rows_of(predict(pictures / "student", pictures / name).out)
        for name in ("images", "rows.csv", "rows.parquet")
    )

    assert [row["image"] for row in by_folder] == [n.removeprefix("images/") for n in names]
    labels = [row["prediction"] for row in by_folder]
    assert len(labels) == 12
    assert [row["prediction"] for row in by_name] == labels
    assert [(row["row"], row["prediction"]) for row in by_bytes] == [
        (str(i), label) for i, label in enumerate(labels, 1)
    ]


def test_texts_for_a_student_of_images_are_one_message(pictures: Path, folder: Path) -> None:
    write_csv(folder / "rows.csv", ROWS)

    ran = run_cli("predict", pictures / "student", "rows.csv")

    assert ran.code == 2
    says(ran.err, "has texts in column 'text'", "reads images")
