"""A hub that remembers, and a student's folder to push to it."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from autodistill.report.model_card import render
from tests.report.test_model_card import facts
from tests.written import write_student

TOKEN = "hf_very_secret"


def publishable(folder: Path, teacher: Path, dataset: Path) -> Path:
    """A student's folder as `train` leaves it, with things that are nobody's business."""
    made = write_student("bag", folder / "student", teacher, dataset)
    (made / "README.md").write_text(render(facts()), encoding="utf-8")
    (made / "test_logits.npy").write_bytes(b"x")
    (made / "predicted.csv").write_text("text,prediction\nour best customer,pos\n")
    about = {"labels": ["/m/01", "pos"], "compared_on": {"source": f"9 rows of {folder}/mine.csv"}}
    (made / "onnx.json").write_text(json.dumps(about), encoding="utf-8")
    return made


class Hub:
    """A hub that remembers what it was given."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, private: bool = True) -> None:
        self.private, self.given, self.files = private, dict[str, Any](), dict[str, str]()
        for name in ("create_repo", "repo_info", "upload_folder"):
            monkeypatch.setattr(HfApi, name, getattr(self, name))
        monkeypatch.setenv("HF_TOKEN", TOKEN)

    def create_repo(self, name: str, **given: Any) -> Any:
        """Make it, or leave it as it is."""
        self.given = given
        full = name if "/" in name else f"me/{name}"
        return _Url(f"https://hub/{full}", full)

    def repo_info(self, _: str, **__: Any) -> Any:
        """Whether it is private."""
        return SimpleNamespace(private=self.private)

    def upload_folder(self, *, folder_path: Path, **_: Any) -> None:
        """Read every file."""
        self.files = {
            p.name: p.read_text(encoding="utf-8", errors="replace")
            for p in Path(folder_path).iterdir()
        }


class _Url(str):
    repo_id: str

    def __new__(cls, url: str, repo_id: str) -> "_Url":
        made = super().__new__(cls, url)
        made.repo_id = repo_id
        return made


def refusal(status: int, said: str) -> HfHubHTTPError:
    """The library's error for an answer of the hub."""
    request = httpx2.Request("POST", "https://hub")
    answer = httpx2.Response(status, request=request)
    return HfHubHTTPError(f"{said} {TOKEN}", response=answer, server_message=said)
