"""Search spaces, studies and dashboards by name: the user's files, then ours."""

from pathlib import Path

from autodistill.errors import SpecError, choose_from
from autodistill.registry import families
from autodistill.runtime.cache import check_kept
from autodistill.study.places import hidden
from autodistill.study.space import Space
from autodistill.study.space_file import read_space

OF_IMAGES = {
    "sizes": "quick-image",
    "quick": "quick-image",
    "text": "image",
    "students": "students-image",
    "knowledge": "knowledge-image",
}
PACKAGE = Path(__file__).parents[1]


def folders(kind: str) -> list[Path]:
    """Folders in which files of this kind are looked up, in order."""
    places = (Path.cwd() / kind, PACKAGE / kind, PACKAGE.parent / kind)
    return [
        p
        for i, p in enumerate(places)
        if p.is_dir() and p.resolve() not in [q.resolve() for q in places[:i]]
    ]


def names(kind: str) -> list[str]:
    """Names of all files of this kind."""
    return sorted({p.stem for folder in folders(kind) for p in folder.glob("*.toml")})


def find(kind: str, what: str, name: str) -> Path:
    """The file for a name or a path; raises SpecError."""
    if name.endswith(".toml"):
        if not Path(name).is_file():
            raise SpecError(f"the {what} file {name} does not exist; check the path.")
        check_kept(Path(name))
        return Path(name)
    for folder in folders(kind):
        if (path := folder / f"{name}.toml").is_file():
            return path
    raise SpecError(choose_from(what, name, names(kind)) + " A path to a .toml file works too.")


def space(name: str, *, images: bool = False) -> Space:
    """The search space of this name or path; `images` picks the image variant."""
    return read_space(find("search_spaces", "space", OF_IMAGES.get(name, name) if images else name))


def readable(*, images: bool = False) -> list[Space]:
    """All spaces that can be read and have a student of such rows, by name."""
    found, wanted = [], "images" if images else "texts"
    for name in names("search_spaces"):
        try:
            made = read_space(find("search_spaces", "space", name))
        except SpecError:
            continue
        cards = [families.card("students", student) for student in made.slots["student"]]
        if any(card.traits.get("reads", "texts") == wanted for card in cards):
            found.append(made)
    return found


def database(storage: str) -> str:
    """The database as typed, for verbs that only read.

    Raises SpecError instead of creating a missing file.
    """
    path = storage.removeprefix("sqlite:///")
    if Path(path).expanduser().is_dir():
        raise SpecError(f"--storage {storage} is a folder. Name the file of a study database.")
    if "://" not in path and not Path(path).expanduser().is_file():
        raise SpecError(
            f"there is no study database {hidden(path)} (--storage). `autodistill search` creates "
            "one; check the name and the current folder."
        )
    return storage
