"""Rows without labels that cannot stand beside the dataset."""

from tests.bad_input.case import Case

SEARCH = "search --dataset reviews.csv --teacher teacher"
LINES = "".join(f"another text {i}\n" for i in range(40))
PAIRS = "".join(f"one {i},two {i}\n" for i in range(40))
SOFT = "row,neg,pos\n" + "".join(f"{i},0.3,0.7\n" for i in range(400))


def _case(what: str, content: str) -> Case:
    return Case(what, f"{SEARCH} --unlabelled more.csv", {"more.csv": content})


CASES = (
    Case("unlabelled rows that are missing", f"{SEARCH} --unlabelled more.csv"),
    Case("unlabelled rows of no known name", f"{SEARCH} --unlabelled ?!"),
    _case("unlabelled rows in an empty file", ""),
    _case("unlabelled rows that are none", "text\n"),
    _case("unlabelled rows that are blank", 'text,note\n" ",1\n'),
    _case("unlabelled rows without a text column", "words,note\n" + PAIRS),
    _case("unlabelled rows without a header", "this is a text of some words\n" + LINES),
    _case("unlabelled pairs beside single texts", "sentence1,sentence2\n" + PAIRS),
    Case("unlabelled images beside texts", f"{SEARCH} --unlabelled digits"),
    Case("the dataset as its own unlabelled rows", f"{SEARCH} --unlabelled reviews.csv"),
    Case("a folder of unlabelled rows with nothing in it", f"{SEARCH} --unlabelled teacher"),
    Case("the rest of all rows", f"{SEARCH} --rest-unlabelled"),
    Case(
        "the rest, and none",
        f"{SEARCH} --rows 100 --rest-unlabelled --unlabelled none",
    ),
    Case(
        "agreement with a teacher that has no classes",
        "search --dataset reviews.csv --teacher embedded --metric agreement",
    ),
    Case(
        "unlabelled rows that soft labels by row cannot speak of",
        "search --dataset reviews.csv --teacher soft.csv --unlabelled more.csv",
        {"more.csv": "text\n" + LINES, "soft.csv": SOFT},
    ),
)
