"""A folder of images: one subfolder per class, or such folders per split."""

from pathlib import Path

from autodistill.datasets._folder import assign_roles
from autodistill.datasets._images import files_by_class, named, read_image
from autodistill.datasets._source import RawSplit, Splits
from autodistill.errors import DataError


def is_image_folder(folder: Path) -> bool:
    """Whether the folder holds images by class, directly or per split."""
    return any(files_by_class(p) for p in (folder, *_below(folder)))


def read_image_folder(folder: Path) -> Splits:
    """The images of a folder, labelled by subfolder name; raises DataError."""
    splits = {p.name: found for p in _below(folder) if (found := files_by_class(p))}
    roles, notes = assign_roles(list(splits))
    if "train" in roles:
        return Splits(
            {role: _split(splits[name], folder / name) for role, name in roles.items()},
            str(folder),
            notes=tuple(notes),
        )
    if splits:
        raise DataError(
            f"{folder} has no train split; it contains: {', '.join(splits)}. "
            "Name its folders train, validation and test."
        )
    return Splits({"train": _split(files_by_class(folder), folder)}, str(folder))


def _below(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if p.is_dir())


def _split(files: dict[str, list[Path]], folder: Path) -> RawSplit:
    paths = [(label, path) for label, found in files.items() for path in found]
    images = [read_image(path, str(path)) for _, path in paths]
    return RawSplit(
        [named(i) for i in images],
        None,
        [label for label, _ in paths],
        str(folder),
        range(1, len(paths) + 1),
        "folder",
        images,
    )
