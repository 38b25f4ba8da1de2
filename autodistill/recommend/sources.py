"""The past studies that are learned from, and the model that is chosen for them."""

import json
from dataclasses import dataclass
from pathlib import Path

from autodistill.errors import SpecError, StorageError
from autodistill.recommend.choice import Chosen, choose
from autodistill.recommend.past import Past, learn
from autodistill.registry import families
from autodistill.runtime import cache, files
from autodistill.runtime.progress import Screen
from autodistill.storage import Store
from autodistill.storage import files as published
from autodistill.study import spaces
from autodistill.study.recipe import named_parts
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


def past_studies(sources: Sources, screen: Screen) -> Known:
    """The studies that ship or lie in ./studies, and those of one's own database.

    Of two with one name, the own one counts. One that cannot be read is left out, with a line.
    """
    shared, own = dict[str, StudyResult](), dict[str, StudyResult]()
    if sources.shared:
        for folder in spaces.folders("studies"):
            shared = published_studies(folder, screen) | shared
    if (
        sources.own
        and sources.storage
        and ("://" in sources.storage or Path(sources.storage).is_file())
    ):
        own = _own_studies(sources, screen)
    judges = learn(shared)
    past = learn(shared | own) if own else judges
    return Known(past, judges if judges.is_enough else past)


def published_studies(folder: Path, screen: Screen) -> dict[str, StudyResult]:
    """Those that lie in a folder, by name; one that cannot be read is left out, with a line."""
    found = {}
    for place in sorted(p for p in folder.iterdir() if p.is_dir()):
        if not any((place / name).exists() for name in published.FILES):
            continue
        try:
            record = published.read(place, predictions=False)
            unknown = unknown_parts(record)
        except SpecError as error:
            unknown, record = error.problems, None
        if record is None or unknown:
            warn(screen, f"the study in {place} is left out", unknown)
        else:
            found[place.name] = record
    return found


def warn(screen: Screen, what: str, problems: tuple[str, ...]) -> None:
    """One line that names the first of several problems, and how many more there are."""
    more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
    screen.line(f"warning   {what}: {problems[0]}{more}")


def chosen_model(judges: Past, screen: Screen, *, may_choose: bool = True) -> Chosen | None:
    """The model for these studies; None for too few datasets.

    It is the one that ships with them, the one found before, or, where `may_choose`, one found now
    and kept.
    """
    if not judges.is_enough:
        return None
    for folder in spaces.folders("studies"):
        if found := _read_choice(folder / CHOICE, judges.key, screen):
            return found
    kept = cache.home() / "recommenders" / judges.key
    if cache.holds(kept) and (found := _read_choice(kept / CHOICE, judges.key, screen)):
        return found
    if not may_choose:
        return None
    screen.line(
        f"past      choosing a model by leaving out each of {len(judges.evidence.names)} datasets, "
        "once for these studies"
    )
    if cache.holds(kept):  # of an older version, and it cannot be read
        cache.discard(kept, f"{CHOICE} cannot be read")
    cache.once(kept, lambda draft: write_choice(judges, draft))
    return Chosen.from_dict(json.loads((kept / CHOICE).read_text(encoding="utf-8")))


def write_choice(judges: Past, folder: Path) -> None:
    """Choose a model for these studies and keep it, with the marks of those that lost."""
    choice = {"key": judges.key, **choose(judges.evidence).to_dict()}
    files.write_text(folder / CHOICE, json.dumps(choice))


def _own_studies(sources: Sources, screen: Screen) -> dict[str, StudyResult]:
    store, found = Store(sources.storage), dict[str, StudyResult]()
    for row in store.studies():
        if row.name == sources.leave_out:
            continue
        try:
            record = store.record(row.name)
            unknown = unknown_parts(record)
        except StorageError as error:
            unknown, record = (str(error),), None
        if record is None or unknown:
            warn(screen, f"the study {row.name} is left out", unknown)
        else:
            found[row.name] = record
    return found


def unknown_parts(record: StudyResult) -> tuple[str, ...]:
    """Members and knobs of a study's pipelines that are not installed here."""
    found = dict[str, None]()
    for pipeline in {o.pipeline.key: o.pipeline for o in record.outcomes}.values():
        for family, part in named_parts(pipeline.to_dict()):
            name = part["name"]
            if name not in families.names(family):
                found[f"its {family} '{name}' is not known here."] = None
                continue
            for knob in part.keys() - {"name", *families.card(family, name).knobs}:
                found[f"the knob '{knob}' of its {family} '{name}' is not known here."] = None
    return tuple(found)


def _read_choice(place: Path, key: str, screen: Screen) -> Chosen | None:
    """The model in a file, where it is for studies of this key and can be read."""
    if not place.exists():
        return None
    try:
        kept = json.loads(place.read_text(encoding="utf-8"))
        return Chosen.from_dict(kept) if kept["key"] == key else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        said = " ".join(f"{type(error).__name__}: {error}".split())
        warn(screen, "a model is chosen anew", (f"{place} cannot be read ({said[:100]}).",))
        return None
