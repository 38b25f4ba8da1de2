"""The past studies that are learned from, and the model that is chosen for them."""

import json
from dataclasses import dataclass
from pathlib import Path

from autodistill.recommend.choice import Chosen, choose
from autodistill.recommend.past import Past, learn
from autodistill.runtime import cache, files
from autodistill.runtime.progress import Screen
from autodistill.storage import Store
from autodistill.storage import files as published
from autodistill.study import spaces
from autodistill.study.results import StudyResult

CHOICE = "recommender.json"
"""Beside studies: the model that was chosen for them."""


@dataclass(frozen=True)
class Sources:
    """Which studies are learned from."""

    shared: bool = True
    own: bool = True
    storage: str = ""
    leave_out: str = ""
    """A study that is not to be learned from, since it is the one that asks."""


@dataclass(frozen=True)
class Known:
    """Past studies to learn from, and those that the model is chosen by."""

    past: Past
    judges: Past
    """The shared studies alone where they are enough.

    A choice is costly, and need not be made again with each search of one's own.
    """


def past_studies(sources: Sources) -> Known:
    """The studies that ship or lie in ./studies, and those of one's own database.

    Of two with one name, the own one counts.
    """
    shared, own = dict[str, StudyResult](), dict[str, StudyResult]()
    if sources.shared:
        for folder in spaces.folders("studies"):
            shared = published_studies(folder) | shared
    if (
        sources.own
        and sources.storage
        and ("://" in sources.storage or Path(sources.storage).is_file())
    ):
        store = Store(sources.storage)
        own = {
            row.name: store.record(row.name)
            for row in store.studies()
            if row.name != sources.leave_out
        }
    past, judges = learn(shared | own), learn(shared)
    return Known(past, judges if judges.is_enough else past)


def published_studies(folder: Path) -> dict[str, StudyResult]:
    """Those that lie in a folder, by name."""
    return {
        place.parent.name: published.read(place.parent)
        for place in sorted(folder.glob("*/study.toml"))
    }


def chosen_model(judges: Past, screen: Screen) -> Chosen | None:
    """The model for these studies; None for too few datasets.

    It is the one that ships with them, the one found before, or one found now and kept.
    """
    if not judges.is_enough:
        return None
    places = [folder / CHOICE for folder in spaces.folders("studies")] + [
        cache.home() / "recommenders" / judges.key / CHOICE
    ]
    for place in places:
        if (
            place.is_file()
            and (kept := json.loads(place.read_text(encoding="utf-8")))["key"] == judges.key
        ):
            return Chosen.from_dict(kept)
    screen.line(
        f"past      choosing a model by leaving out each of {len(judges.evidence.names)} datasets, "
        "once for these studies"
    )
    cache.once(places[-1].parent, lambda draft: write_choice(judges, draft))
    return Chosen.from_dict(json.loads(places[-1].read_text(encoding="utf-8")))


def write_choice(judges: Past, folder: Path) -> None:
    """Choose a model for these studies and keep it, with the marks of those that lost."""
    choice = {"key": judges.key, **choose(judges.evidence).to_dict()}
    files.write_text(folder / CHOICE, json.dumps(choice))
