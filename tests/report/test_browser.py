"""Pages printed by a browser that is installed, and one clear message where none is."""

import os
import shutil
from pathlib import Path

import pytest

from autodistill.errors import ExportError
from autodistill.report import browser
from tests.commands import run_cli
from tests.records import outcome, write_study

SAYS = "#!/bin/sh\n"


def fake(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser that is this shell script, and no other one."""
    program = folder / "chromium"
    program.write_text(SAYS + script, encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/bin{os.pathsep}/usr/bin")
    monkeypatch.setattr(browser, "PROGRAMS", ("chromium",))


def test_without_a_browser_one_message_says_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_study(folder / "autodistill.db", outcome(0, 0.9))
    monkeypatch.setattr(shutil, "which", lambda name: None)

    ran = run_cli("report", "tiny", "--format", "pdf")

    assert ran.code == 2
    assert "none is installed" in ran.err
    assert "--format html" in ran.err
    assert not (folder / "report.pdf").exists()


def test_a_browser_that_fails_is_quoted_by_its_last_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(tmp_path, "echo 'no display' >&2\nexit 3\n", monkeypatch)

    with pytest.raises(ExportError, match="no display"):
        browser.pdf_of("<p>x</p>")


def test_a_browser_that_writes_nothing_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(tmp_path, "exit 0\n", monkeypatch)

    with pytest.raises(ExportError, match="wrote no PDF"):
        browser.pdf_of("<p>x</p>")


def test_a_picture_is_as_high_as_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(
        tmp_path,
        'for each in "$@"; do case $each in\n'
        '  --dump-dom) echo \'<html lang="en" data-height="4321">\';;\n'
        "  --window-size=*) size=$each;;\n"
        "  --screenshot=*) echo $size > ${each#--screenshot=};;\n"
        "esac; done\n",
        monkeypatch,
    )

    assert browser.png_of("<p>x</p>") == b"--window-size=1280,4321\n"


def test_a_page_too_high_for_a_picture_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(tmp_path, "echo '<html data-height=\"99999\">'\n", monkeypatch)

    with pytest.raises(ExportError, match="99,999 pixels high"):
        browser.png_of("<p>x</p>")


@pytest.mark.slow
def test_a_real_browser_prints_both() -> None:
    if not any(map(shutil.which, browser.PROGRAMS)):
        pytest.skip("no Chromium or Chrome here")

    assert browser.pdf_of("<h1>one</h1>").startswith(b"%PDF")
    assert browser.png_of("<!doctype html><html><h1>one</h1></html>").startswith(b"\x89PNG")
