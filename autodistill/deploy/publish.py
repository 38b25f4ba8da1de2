"""A student's folder on its way to the Hugging Face hub: first in words, then pushed."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huggingface_hub import ModelCard

from autodistill.deploy import hub
from autodistill.deploy.names import CARD, RECIPE
from autodistill.deploy.shared_files import SharedFiles
from autodistill.errors import SpecError
from autodistill.prepare.quantities import cost_text
from autodistill.report.model_card import HERE
from autodistill.runtime.cache import temporary_folder

UNKNOWN = "unknown"
VOCABULARY = (
    "tokenizer.json holds the words and pieces of words that occur in the training rows, names "
    "among them; the names of the classes are in config.json and in the card."
)
LICENCES = (
    "The licence of the dataset is not known here; look it up, and write what it asks for into the "
    f"card, {CARD}."
)


@dataclass(frozen=True)
class Publication:
    """A student's files and the place that they go to."""

    repository: str
    private: bool
    files: SharedFiles
    warnings: tuple[str, ...]

    @property
    def address(self) -> str:
        """The page that it will have."""
        return f"{hub.endpoint()}/{self.repository}"


def publication(folder: Path, repository: str, *, private: bool) -> Publication:
    """The files and the place of a push; raises AutodistillError where it would be refused."""
    hub.check_name(repository)
    files = SharedFiles.of(folder)
    card = _read_card(folder / CARD)
    if "/" in repository:
        text = files.edited.get(CARD) or (folder / CARD).read_text(encoding="utf-8")
        files = files.with_text(CARD, text.replace(HERE, repository))
    return Publication(repository, private, files, tuple(_warnings(card)))


def lines(found: Publication) -> Iterator[str]:
    """All of it in words."""
    files, total = found.files, cost_text("size_bytes", sum(found.files.sizes.values()))
    seen_by = "private" if found.private else "public: everybody can read it"
    yield f"To {found.address} ({seen_by}), {len(files.sizes)} files, {total}:"
    width = max(map(len, files.sizes))
    for name, size in files.sizes.items():
        yield f"  {name:<{width}}  {cost_text('size_bytes', size):>10}"
    if files.stay:
        yield f"Stays here: {', '.join(files.stay)}."
    if files.shortened:
        names = ", ".join(sorted(set(files.shortened.values())))
        yield (
            f"Paths of this machine are cut to their last part in {', '.join(files.renamed)}: "
            f"{names}."
        )
    if RECIPE in files.sizes:
        yield f"{RECIPE} names the dataset and the teacher; no file holds a row of the dataset."
    if "tokenizer.json" in files.sizes:
        yield VOCABULARY
    yield f"The card, {CARD}, is valid."
    for warning in found.warnings:
        yield f"Warning: {warning}"


def push(found: Publication) -> str:
    """Push it; the page's address. Raises SpecError without a token, else as `hub.push`."""
    token = hub.token_here()
    if not token:
        raise SpecError(
            "no token of the hub is on this machine, so nothing was pushed. Run `hf auth login`, "
            "or set HF_TOKEN to a token that may write; --dry-run needs none."
        )
    with temporary_folder() as home:
        found.files.copy(home)
        return hub.push(
            *(home, found.repository),
            private=found.private,
            token=token,
            message=f"Add the student in {found.files.folder.resolve().name}",
        )


def _read_card(file: Path) -> Any:
    """The metadata of the card, which the hub's library accepts; raises SpecError."""
    try:
        card = ModelCard.load(file).data
    except Exception as error:  # of YAML, of the library, of what it makes of the values
        why = " ".join(str(error).split())[:200]
        raise SpecError(f"the metadata at the head of {file} is not valid: {why}.") from None
    named = [*_listed(card.datasets), *_listed(card.base_model)]
    if problems := [f"{file}: {why}." for why in map(hub.name_problem, named) if why]:
        raise SpecError(problems)
    return card


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def _warnings(card: Any) -> Iterator[str]:
    if card.pipeline_tag is None:
        yield f"The card, {CARD}, names no pipeline_tag: the hub will not know what it is for."
    if card.license in (None, UNKNOWN):
        base = ", ".join(_listed(card.base_model)) or "the network that the student came from"
        yield f"The licence of {base} is not known here: the card says 'license: {UNKNOWN}'."
    yield LICENCES
