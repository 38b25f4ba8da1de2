"""Local data: a CSV, TSV, JSONL or parquet file, or a folder of splits or images."""

from pathlib import Path

from autodistill.datasets._customs import apply_customs
from autodistill.datasets._files import READERS, ending, missing, read_file
from autodistill.datasets._folder import from_tables, read_folder
from autodistill.datasets._image_folder import (
    image_files,
    is_image_folder,
    read_image_folder,
    read_unlabelled_images,
)
from autodistill.datasets._source import ReadOptions, Source, Splits
from autodistill.errors import DataError, SpecError


class TableFile(Source):
    """Files and folders on this machine."""

    def claims(self, dataset: str) -> bool:
        """An existing path, or a name that looks like one."""
        path = Path(dataset).expanduser()
        return path.exists() or ending(path) in READERS or dataset.startswith((".", "/", "~"))

    def lacks(self, dataset: str) -> str:
        """Near names and the folder's content, for a path that does not exist."""
        path = Path(dataset).expanduser()
        return "" if path.exists() else missing(path)

    def read(self, dataset: str, options: ReadOptions) -> Splits:
        """The splits of a path: one file is all train; a folder's files name the splits."""
        path = Path(dataset).expanduser()
        if options.beside and path.is_dir() and (loose := image_files(path)):
            return read_unlabelled_images(path, loose, options.beside)
        if path.is_dir() and is_image_folder(path):
            if options.columns:
                raise SpecError(
                    f"{path} is a folder of images and has no columns: "
                    f"leave out {', '.join(options.columns.values())}."
                )
            return read_image_folder(path, options)
        if path.is_dir():
            found = read_folder(path, options)
            return found if options.beside else apply_customs(path.resolve().as_posix(), found)
        if told := self.lacks(dataset):
            raise DataError(told)
        return from_tables(
            {"train": read_file(path, labelled=not options.beside)}, options, str(path)
        )
