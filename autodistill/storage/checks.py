"""Places that could not be written after hours of work, refused before it."""

import os
from pathlib import Path

from autodistill.errors import SpecError, StorageError
from autodistill.runtime.cache import refusals
from autodistill.storage.engine import as_url
from autodistill.storage.store import Store
from autodistill.study.names import name_problem
from autodistill.study.places import hidden

STUDENT_FILES = ("config.json", "recipe.toml")
"""Files that every folder of a student holds."""


def check_place(out: Path, what: str = "the recipe", option: str = "--out") -> None:
    """Refuse now what could not be written after hours of work."""
    if problem := _file_problem(out):
        raise SpecError(
            f"{option} {out}: {what} cannot be written there: {problem}; give a file in a folder "
            "that exists and that you own."
        )


def check_folder(out: Path, option: str = "--out") -> None:
    """The same for a folder, which is made if need be."""
    if problem := _folder_problem(out):
        raise SpecError(f"{option} {out}: {problem}; give a folder that you may write.")


def check_student_folder(out: Path, *, force: bool) -> None:
    """The same for a student's folder, which replaces nothing but a student's folder."""
    check_folder(out)
    with refusals(out):
        if not out.exists():
            return
        is_student = out.is_dir() and all((out / name).is_file() for name in STUDENT_FILES)
        is_empty = out.is_dir() and not any(out.iterdir())
        is_around = out.resolve() in (Path.cwd(), *Path.cwd().parents)
    if not force:
        raise SpecError(
            f"{out} exists already. Give another folder with --out, or --force to replace it."
        )
    if is_around or not (is_student or is_empty):
        raise SpecError(
            f"--out {out} --force: only a student's folder is replaced (it holds "
            f"{' and '.join(STUDENT_FILES)}), and not one that you are in; give another one."
        )


def is_there(storage: str) -> bool:
    """Whether the database is a server's, or a file that exists."""
    return "://" in storage.removeprefix("sqlite:///") or _path(storage).exists()


def check_storage(storage: str) -> None:
    """The same for the database; one that is not there yet is not created."""
    if is_there(storage):
        Store(storage).close()
    elif not _path(storage).name:
        raise StorageError(
            f"--storage {hidden(storage)!r} names no file. Write a path such as studies.db."
        )
    elif problem := _file_problem(_path(storage)):
        raise StorageError(
            f"--storage {hidden(storage)}: {problem}. Name a file in a folder that exists."
        )


def check_server(storage: str) -> None:
    """Refuse a file where several machines are to meet, and a server that does not answer."""
    if as_url(storage).startswith("sqlite"):
        raise StorageError(
            f"--storage {hidden(storage)}: an SQLite file is for one machine. Give `search` and "
            "every `worker` the URL of one PostgreSQL server "
            "(postgresql://user:password@host/name); on one machine `search --workers N` is enough."
        )
    Store(storage).close()


def check_study_name(name: str, storage: str) -> None:
    """Refuse a name for a new study that no folder can have; one that is there goes on."""
    problem = name_problem(name)
    if problem and not (is_there(storage) and name in [s.name for s in Store(storage).studies()]):
        raise SpecError(f"--study {name[:60]!a}: {problem}. Give a name of letters and digits.")


def _path(storage: str) -> Path:
    return Path(storage.removeprefix("sqlite:///")).expanduser()


def _file_problem(path: Path) -> str:
    """Why a file cannot be written here; empty where nothing is against it."""
    path, folder = path.absolute(), path.absolute().parent
    try:
        if path.is_dir():
            return "it is a folder"
        if path.exists() and not os.access(path, os.W_OK):
            return "the file is there and may not be written"
        path.lstat()
    except FileNotFoundError:
        pass  # it will be made
    except NotADirectoryError:
        return f"{folder} is not a folder"
    except (OSError, ValueError) as error:
        return str(getattr(error, "strerror", None) or error).lower()
    if not folder.exists():
        return f"the folder {folder} does not exist"
    if not folder.is_dir():
        return f"{folder} is not a folder"
    return "" if os.access(folder, os.W_OK) else f"the folder {folder} may not be written"


def _folder_problem(path: Path) -> str:
    """Why a folder cannot be made or written here; empty where nothing is against it."""
    try:
        there = next(p for p in (path.absolute(), *path.absolute().parents) if p.exists())
    except (OSError, ValueError) as error:
        return str(getattr(error, "strerror", None) or error).lower()
    if not there.is_dir():
        return f"{there} is not a folder"
    return "" if os.access(there, os.W_OK) else f"the folder {there} may not be written"
