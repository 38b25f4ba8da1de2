"""A file of soft labels as a teacher."""

from pathlib import Path

import pytest

from autodistill.components.teachers import Found, find
from autodistill.components.teachers.embedded import Embedded
from autodistill.errors import TeacherError


@pytest.mark.parametrize("name", ["none.csv", "none.TSV", "none.parquet"])
def test_a_table_that_is_not_there_is_said_to_be_missing(tmp_path: Path, name: str) -> None:
    with pytest.raises(
        TeacherError, match=rf"the teacher's labels file {tmp_path / name} does not exist"
    ):
        find(str(tmp_path / name))


def test_students_take_their_shape_from_the_embedded_encoder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        Embedded, "find", lambda *_: Found("embedded", tmp_path / "encoder", "k", tuned=False)
    )
    (tmp_path / "soft.csv").write_bytes(b"abc")

    found = find(str(tmp_path / "soft.csv"))

    assert (found.folder, found.labels_file) == (tmp_path / "encoder", tmp_path / "soft.csv")
    assert (found.tuned, found.label_names) == (True, ())
    assert found.key == "ba7816bf8f01cfea"  # SHA-256 of "abc": FIPS 180-2, appendix B.1


def test_a_folder_that_ends_like_a_table_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()

    with pytest.raises(TeacherError, match="does not exist"):
        find(str(tmp_path / "folder.csv"))
