"""Pushes to the hub that are refused, each with one message."""

from pathlib import Path
from typing import Any

import httpx2
import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import OfflineModeIsEnabled

from tests.commands import run_cli, run_process
from tests.deploy.fake_hub import TOKEN, Hub, publishable, refusal


@pytest.fixture
def student(folder: Path, teacher: Path, reviews: Path) -> Path:
    """A folder to push."""
    return publishable(folder, teacher, reviews)


def test_without_a_token_nothing_is_pushed(student: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Hub(monkeypatch)
    monkeypatch.setattr("autodistill.deploy.hub.get_token", lambda: None)

    ran = run_cli("publish", student, "--repo", "me/bag")

    assert ran.code == 2
    assert "model.safetensors" in ran.out
    assert "no token of the hub is on this machine, so nothing was pushed" in ran.err


def test_a_private_student_is_not_pushed_to_a_public_repository(
    student: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = Hub(monkeypatch, private=False)

    ran, again = (
        run_cli("publish", student, "--repo", "me/bag", *more) for more in ((), ("--public",))
    )

    assert ran.code == 2
    assert "me/bag is there already, and public: nothing was pushed" in ran.err
    assert again.code == 0, again.err
    assert "model.safetensors" in hub.files


@pytest.mark.parametrize(
    ("repo", "why"),
    [
        ("datasets/me/bag", "leave 'datasets/' out"),
        ("me/a b", "alphanumeric chars"),
        ("me/a--b", "Cannot have -- or .."),
        ("a/b/c", "'repo_name' or 'namespace/repo_name'"),
        ("", "alphanumeric chars"),
    ],
)
def test_a_name_that_no_repository_can_have_is_refused(student: Path, repo: str, why: str) -> None:
    ran = run_cli("publish", student, "--repo", repo, "--dry-run")

    assert (ran.code, ran.out) == (2, "")
    assert why in ran.err


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (refusal(401, "bad"), "was refused (401): the token is not valid"),
        (refusal(403, "bad"), "was refused (403): the token may not write there"),
        (refusal(500, f"oh {TOKEN}"), "was refused (500): oh ***"),
        (OfflineModeIsEnabled("off"), "HF_HUB_OFFLINE is set"),
        (httpx2.ConnectError("no route"), "failed: no route. Check the network"),
        (TimeoutError(), "failed: TimeoutError. Check the network"),
    ],
)
def test_a_refusal_of_the_hub_is_one_message_without_the_token(
    student: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, why: str
) -> None:
    Hub(monkeypatch)

    def refuse(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(HfApi, "create_repo", refuse)

    ran = run_cli("publish", student, "--repo", "me/bag")

    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert why in ran.err
    assert TOKEN not in ran.out + ran.err


def test_a_hub_that_does_not_answer_is_one_message(student: Path) -> None:
    nowhere = {"HF_ENDPOINT": "http://127.0.0.1:9", "HF_TOKEN": TOKEN, "HF_HUB_OFFLINE": "0"}

    ran = run_process(
        *(student.parent, "publish", "student", "--repo", "me/bag"),
        env={**nowhere, "COLUMNS": "1000"},
    )

    assert ran.returncode == 2
    assert "To http://127.0.0.1:9/me/bag (private)" in ran.stdout
    assert "pushing to me/bag on http://127.0.0.1:9 failed: " in ran.stderr
    assert "Traceback" not in ran.stderr
    assert TOKEN not in ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("card", "why"),
    [
        ("---\nlicense: [\n---\n", "the metadata at the head of"),
        ("---\nmodel-index:\n- results: 3\n---\n", "the metadata at the head of"),
        ("---\nbase_model: a b\n---\n", "alphanumeric chars"),
    ],
)
def test_a_card_that_the_hub_would_refuse_is_refused_here(
    student: Path, card: str, why: str
) -> None:
    (student / "README.md").write_text(card, encoding="utf-8")

    ran = run_cli("publish", student, "--repo", "me/bag", "--dry-run")

    assert ran.code == 2
    assert why in ran.err


def test_a_folder_without_a_card_is_refused(student: Path) -> None:
    (student / "README.md").unlink()

    ran = run_cli("publish", student, "--repo", "me/bag", "--dry-run")

    assert ran.code == 2
    assert "cannot be published: README.md missing" in ran.err
