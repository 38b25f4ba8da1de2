"""The files of a student that leave this machine, without the paths of this machine.

Only files that a student needs, or that say what it is: whatever else lies in its folder stays.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import tomli_w

from autodistill.datasets._files import READERS, ending
from autodistill.deploy.names import (
    ABOUT,
    CARD,
    DOCKERFILE,
    FLOAT32,
    INT8,
    METRICS,
    PLAIN,
    RECIPE,
    WEIGHTS,
)
from autodistill.errors import SpecError, StorageError
from autodistill.runtime import files
from autodistill.study.toml_file import read_toml

INPUT_READERS = (
    *("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"),
    *("vocab.txt", "vocab.json", "merges.txt", "spiece.model", "sentencepiece.bpe.model"),
    "preprocessor_config.json",
)
"""Files of tokenizers and image processors."""
NETWORK = ("config.json", WEIGHTS, FLOAT32, INT8, ABOUT, PLAIN)
ABOUT_IT = (CARD, METRICS, RECIPE, DOCKERFILE)
NEEDED = ("config.json", WEIGHTS, CARD)


@dataclass(frozen=True)
class SharedFiles:
    """The files of a folder that are shared, and those that stay."""

    folder: Path
    sizes: Mapping[str, int]
    """Bytes by name."""
    stay: tuple[str, ...]
    edited: Mapping[str, str] = field(default_factory=dict)
    """New content by name."""
    shortened: Mapping[str, str] = field(default_factory=dict)
    """Places on this machine that files named, and what stands there instead."""
    renamed: tuple[str, ...] = ()
    """The files that named them."""

    @classmethod
    def of(cls, folder: Path) -> "SharedFiles":
        """Those of a student's folder; raises AutodistillError where one that is needed lacks."""
        if absent := [name for name in NEEDED if not (folder / name).is_file()]:
            raise SpecError(
                f"{folder} cannot be published: {', '.join(absent)} missing. Give a folder that "
                "`autodistill train` wrote; one of a version without model cards is trained again."
            )
        own = _own_code(folder)
        wanted = [*NETWORK, *own, *INPUT_READERS, *ABOUT_IT]
        names = [name for name in wanted if (folder / name).is_file()]
        edited, shortened = _pathless(folder)
        sizes = {
            name: len(edited[name].encode()) if name in edited else (folder / name).stat().st_size
            for name in names
        }
        stay = sorted(p.name for p in folder.iterdir() if p.name not in names)
        return cls(folder, sizes, tuple(stay), edited, shortened, tuple(edited))

    def with_text(self, name: str, text: str) -> "SharedFiles":
        """The same with another content of one file."""
        return replace(
            self,
            sizes={**self.sizes, name: len(text.encode())},
            edited={**self.edited, name: text},
        )

    def copy(self, place: Path) -> None:
        """Write them into an empty folder."""
        for name in self.sizes:
            if name in self.edited:
                files.write_text(place / name, self.edited[name])
            else:
                files.copy(self.folder / name, place / name)


def _own_code(folder: Path) -> list[str]:
    """The files of code that Transformers runs, as config.json names them."""
    named = _json(folder / "config.json").get("auto_map", {})
    modules = named.values() if isinstance(named, dict) else ()
    return sorted({f"{str(each).partition('.')[0]}.py" for each in modules})


def _pathless(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Files in which places on this machine have their last names, and those places."""
    recipe = read_toml(folder / RECIPE, str(folder / RECIPE)) if (folder / RECIPE).exists() else {}
    about = _json(folder / ABOUT) if (folder / ABOUT).is_file() else {}
    compared = about.get("compared_on", {})
    source = str(compared.get("source", "")).rpartition(" rows of ")[2]
    places = {text: Path(text).name for text in (*_strings(recipe), source) if _is_place(text)}
    edited = {}
    if recipe and places:
        edited[RECIPE] = tomli_w.dumps(_with_names(recipe, places))
    for name in (CARD, ABOUT) if places else ():
        if (folder / name).is_file():
            before = _text(folder / name)
            after = before
            for place in sorted(places, key=len, reverse=True):
                after = after.replace(place, places[place])
            edited |= {name: after} if after != before else {}
    return edited, places


def _is_place(text: str) -> bool:
    """Whether a text is a path of several parts on this machine, not a name on the hub."""
    if text[:1] in ("/", "~") or text[:2] in ("./", "..") or "\\" in text:
        return True
    return "/" in text and (ending(Path(text)) in READERS or Path(text).exists())


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


def _with_names(value: Any, places: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return places.get(value, value)
    if isinstance(value, dict):
        return {key: _with_names(each, places) for key, each in value.items()}
    return [_with_names(each, places) for each in value] if isinstance(value, list) else value


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8"
        raise StorageError(f"{file} cannot be read: {why.lower()}.") from None


def _json(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(_text(file))
    except ValueError:
        raise StorageError(f"{file} is no JSON; copy or write the folder again.") from None
    return found if isinstance(found, dict) else {}
