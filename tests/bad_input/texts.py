"""Spaces, recipes, plans of studies and dashboards: files of TOML."""

from collections.abc import Callable
from pathlib import Path

from tests.bad_input.case import Case

SPACE = "search --dataset reviews.csv --teacher teacher --space space.toml"
RUN = "train recipe.toml"
BUILD = "studies build plan.toml"
PLAN = 'datasets = ["reviews.csv"]\nspace = "knowledge"\nteacher = "teacher"\n'


def _with(*pairs: tuple[str, str]) -> Callable[[Path], None]:
    """The good file with these parts replaced; each has to be there."""

    def write(path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")

    return write


def _and(more: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")


CASES = (
    Case("a space that is no TOML", SPACE, {"space.toml": "[student.cut\n"}),
    Case("a space in UTF-16", SPACE, {"space.toml": "[student.cut]\n".encode("utf-16")}),
    Case("a slot that does not exist", SPACE, {"space.toml": _and("[wieght]\nlogit = 1\n")}),
    Case("a member that does not exist", SPACE, {"space.toml": _with(("logit.kl]", "logit.kll]"))}),
    Case("a knob that does not exist", SPACE, {"space.toml": _with(("keep", "kept"))}),
    Case("a value outside its range", SPACE, {"space.toml": _with(("[0.5]", "[7.5]"))}),
    Case("a range from more to less", SPACE, {"space.toml": _with(("[1.0, 8.0]", "[8.0, 1.0]"))}),
    Case("a word in place of a number", SPACE, {"space.toml": _with(("[1.0, 8.0]", "'warm'"))}),
    Case(
        "a range that is not a number", SPACE, {"space.toml": _with(("[1.0, 8.0]", "[nan, 8.0]"))}
    ),
    Case("a member that is no table", SPACE, {"space.toml": "student = 3\n"}),
    Case("a recipe that is missing", "train none.toml"),
    Case("a recipe that is no TOML", RUN, {"recipe.toml": "format = \n"}),
    Case("an empty recipe", RUN, {"recipe.toml": ""}),
    Case("a binary recipe", RUN, {"recipe.toml": b"\xff\xfe\x00\x01"}),
    Case("a recipe of a later format", RUN, {"recipe.toml": _with(("format = 1", "format = 9"))}),
    Case("a recipe with a misspelled key", RUN, {"recipe.toml": _with(("dataset =", "datset ="))}),
    Case("a recipe without epochs", RUN, {"recipe.toml": _with(("epochs = 1", "epochs = 0"))}),
    Case(
        "a recipe with a million epochs",
        RUN,
        {"recipe.toml": _with(("epochs = 1", "epochs = 1000000000"))},
    ),
    Case("a recipe with a knob too much", RUN, {"recipe.toml": _with(("temperature =", "temp ="))}),
    Case("a recipe whose data are gone", RUN, {"recipe.toml": _with(("reviews.csv", "gone.csv"))}),
    Case("a recipe of an unknown loss", RUN, {"recipe.toml": _with(('"kl"', '"kll"'))}),
    Case("a recipe that is a folder", "train teacher"),
    Case("a plan that is missing", BUILD),
    Case("a plan that is no TOML", BUILD, {"plan.toml": "datasets = ["}),
    Case("an empty plan", BUILD, {"plan.toml": ""}),
    Case("a plan with a misspelled key", BUILD, {"plan.toml": PLAN + "seed = 2\nrun_row = 3\n"}),
    Case("a plan whose datasets are a number", BUILD, {"plan.toml": "datasets = 3\n"}),
    Case("a dashboard that is missing", "report published --dashboard mine.toml"),
    Case(
        "a dashboard that is no TOML",
        "report published --dashboard mine.toml",
        {"mine.toml": "study = ["},
    ),
    Case(
        "a dashboard of an unknown figure",
        "report published --dashboard mine.toml",
        {"mine.toml": 'about = "x"\nstudy = ["histroy"]\nall = []\n'},
    ),
)
