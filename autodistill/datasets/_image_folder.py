"""A folder of images: one subfolder per class, or such folders per split."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from autodistill.datasets._files import READERS, ending
from autodistill.datasets._folder import LABELLED, assign_roles
from autodistill.datasets._images import (
    ENDINGS,
    ImageFiles,
    files_by_class,
    is_hidden,
    named,
    read_all,
)
from autodistill.datasets._labels import some
from autodistill.datasets._source import RawSplit, ReadOptions, Splits
from autodistill.errors import DataError


def is_image_folder(folder: Path) -> bool:
    """Whether the folder holds images by class, directly or per split."""
    return any(files_by_class(p).by_class for p in (folder, *_below(folder)))


def read_image_folder(folder: Path, options: ReadOptions = LABELLED) -> Splits:
    """The images of a folder, labelled by subfolder name; raises DataError."""
    splits = {p.name: found for p in _below(folder) if (found := files_by_class(p)).by_class}
    below = {*splits, *(p.name for p in _below(folder) if image_files(p))}
    own = assign_roles(sorted(below), options)[0].get("unlabelled", "")
    splits.pop(own, None)
    roles, notes = assign_roles(list(splits), replace(options, own_pool=False))
    if "train" in roles:
        pool = {"unlabelled": _loose(image_files(folder / own), folder / own)} if own else {}
        return Splits(
            {role: _split(splits[name], folder / name) for role, name in roles.items()} | pool,
            str(folder),
            notes=(
                *notes,
                *(note for name in roles.values() for note in _notes(splits[name], folder / name)),
            ),
        )
    whole = files_by_class(folder)
    if roles or (len(splits) == 1 and set(splits) == set(whole.by_class)):
        inside = ", ".join(f"{name}/ with {some(list(s.by_class))}" for name, s in splits.items())
        raise DataError(
            f"{folder} has no train split; it contains: {inside}. "
            "Name its folders train, validation and test, or give the folder whose subfolders are "
            "the classes."
        )
    return Splits({"train": _split(whole, folder)}, str(folder), notes=tuple(_notes(whole, folder)))


def image_files(folder: Path) -> list[Path]:
    """All images below the folder, in order; none for a folder that holds tables, too."""
    found = [p for p in sorted(folder.rglob("*")) if p.is_file() and not is_hidden(p)]
    if any(ending(p) in READERS for p in found):
        return []
    return [p for p in found if p.suffix.lower() in ENDINGS]


def read_unlabelled_images(folder: Path, files: Sequence[Path], beside: RawSplit) -> Splits:
    """All images below a folder, whatever class they lie in; raises DataError."""
    if beside.images is None:
        raise DataError(
            f"{folder} is a folder of {len(files):,} images, {beside.where} has texts: give "
            "unlabelled texts."
        )
    return Splits({"images": _loose(files, folder)}, str(folder))


def _loose(files: Sequence[Path], folder: Path) -> RawSplit:
    images = read_all([(path, str(path)) for path in files])
    names, rows = [named(i) for i in images], range(1, len(files) + 1)
    return RawSplit(names, None, None, str(folder), rows, images=images)


def _below(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if p.is_dir() and not is_hidden(p))


def _split(files: ImageFiles, folder: Path) -> RawSplit:
    paths = [(label, path) for label, found in files.by_class.items() for path in found]
    images = read_all([(path, str(path)) for _, path in paths])
    return RawSplit(
        [named(i) for i in images],
        None,
        [label for label, _ in paths],
        str(folder),
        range(1, len(paths) + 1),
        "folder",
        images,
    )


def _notes(files: ImageFiles, folder: Path) -> list[str]:
    """Remarks on what lies in the folder and is not an image of one class."""
    found = []
    if files.deeper:
        places = [f"{p.relative_to(folder).as_posix()}/" for p in files.deeper]
        found.append(
            f"images in {some(places)} count to the class of the folder above: "
            f"{some(sorted({p.split('/')[0] for p in places}))}"
        )
    if files.hidden:
        found.append(f"no class: {some([f'{name}/' for name in files.hidden])} (hidden, or system)")
    if files.empty:
        found.append(f"no image in {some([f'{name}/' for name in files.empty])}: no class of it")
    if files.others:
        kinds = Counter(p.suffix.lower() or p.name for p in files.others)
        found.append(
            f"{len(files.others)} file{'s' * (len(files.others) > 1)} below {folder} left out "
            f"({_counted(kinds.most_common(5))}): no images of a class, or of no kind that is read"
        )
    return found


def _counted(kinds: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in kinds)
