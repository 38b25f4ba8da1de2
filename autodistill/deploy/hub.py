"""The Hugging Face hub: a folder pushed, each of its refusals as one message."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from huggingface_hub import HfApi, constants, get_token
from huggingface_hub.errors import HfHubHTTPError, HFValidationError, OfflineModeIsEnabled
from huggingface_hub.utils import validate_repo_id  # type: ignore[attr-defined]

from autodistill.errors import SpecError, StorageError

TYPES = ("datasets", "spaces", "models", "kernels")
NETWORK: tuple[type[Exception], ...] = (OSError, RuntimeError, *HfHubHTTPError.__mro__[1:2])
"""Errors of a connection: of the system, of what sends large files, of what sends requests.

The last is what the hub's own error derives from, whichever library that is in its version.
"""
WHY = {
    401: "the token is not valid, or has expired: make another one on the hub's page "
    "Settings > Access Tokens, then `hf auth login`",
    403: "the token may not write there: give it the right to write, or use a name of your own",
    404: "there is no such user or organisation, or the token may not see it",
    409: "something else has this name",
    429: "too many requests: wait a few minutes",
}


def check_name(repository: str) -> None:
    """Refuse a name that no repository of a model can have; raises SpecError."""
    first = repository.partition("/")[0]
    if repository.count("/") > 1 and first in TYPES:
        raise SpecError(
            f"--repo {repository}: a student is pushed as a model, so leave '{first}/' out."
        )
    if problem := name_problem(repository):
        raise SpecError(f"--repo {repository}: {problem}. Write NAME or OWNER/NAME.")


def name_problem(repository: str) -> str:
    """Why no repository can have this name, in the library's words; empty: one can."""
    try:
        validate_repo_id(repository)
    except HFValidationError as error:
        return " ".join(str(error).rstrip(".").split())
    return ""


def token_here() -> str | None:
    """The token of this machine: HF_TOKEN, or that of `hf auth login`."""
    return get_token()


def endpoint() -> str:
    """The hub's address: HF_ENDPOINT, or that of all."""
    return constants.ENDPOINT


def push(folder: Path, repository: str, *, private: bool, token: str, message: str) -> str:
    """Push a folder into a repository, which is made if need be; its address.

    Raises StorageError where the hub refuses, and before anything is pushed where a student that
    was to be private would be seen by all.
    """
    api = HfApi(token=token)
    with _refusals(repository, token):
        url = api.create_repo(repository, private=private, repo_type="model", exist_ok=True)
        found = api.repo_info(url.repo_id, repo_type="model")
        if private and not found.private:
            raise SpecError(
                f"{url.repo_id} is there already, and public: nothing was pushed. Give --public to "
                "push to it for all to see, or another name."
            )
        api.upload_folder(
            repo_id=url.repo_id, folder_path=folder, repo_type="model", commit_message=message
        )
    return str(url)


@contextmanager
def _refusals(repository: str, token: str) -> Iterator[None]:
    where = f"pushing to {repository} on {endpoint()}"
    try:
        yield
    except OfflineModeIsEnabled:
        raise StorageError(f"{where}: HF_HUB_OFFLINE is set; unset it to push.") from None
    except HfHubHTTPError as error:
        status = error.response.status_code
        said = error.server_message or str(error).splitlines()[0]
        why = WHY.get(status) or said
        raise StorageError(f"{where} was refused ({status}): {_hidden(why, token)}.") from None
    except NETWORK as error:
        why = _hidden(str(error).splitlines()[0] if str(error) else type(error).__name__, token)
        raise StorageError(
            f"{where} failed: {why}. Check the network, and HF_ENDPOINT if it is set; then run the "
            "same command again."
        ) from None


def _hidden(text: str, token: str) -> str:
    """The text without the token, should a library ever say it."""
    return text.replace(token, "***").rstrip(".")
