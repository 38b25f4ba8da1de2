"""Names that hold markup stay text in every part of a page, figures included."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from autodistill.report.build import content_of
from autodistill.report.page import page
from autodistill.study.results import StudyResult
from tests.report.studied import studied

HOSTILE = '"><img src=x onerror=alert(1)></script><script>alert(2)</script><b>'


class Tags(HTMLParser):
    """Elements of a page, and what its scripts say."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Note an element."""
        self.seen.append(tag)


def tags(text: str) -> list[str]:
    """The elements of a page, in order."""
    parser = Tags()
    parser.feed(text)
    return parser.seen


def renamed(hostile: str) -> dict[str, StudyResult]:
    """Two studies in which a person's every name is this one."""
    record = studied(hostile)
    assert record.selection is not None
    runs = []
    for trial in record.outcomes:
        student = replace(trial.pipeline.student, knobs={"n": hostile})
        runs.append(replace(trial, pipeline=replace(trial.pipeline, student=student)))
    selection = replace(record.selection, names=(hostile, "calm", "glad"))
    study = replace(record.study, teacher=hostile)
    made = replace(record, outcomes=tuple(runs), selection=selection, study=study)
    return {hostile: made, "other": made}


@pytest.mark.parametrize("count", [1, 2])
def test_hostile_names_add_no_element_to_a_page(count: int) -> None:
    shown = []
    for name in (HOSTILE, "plain"):
        studies = dict(list(renamed(name).items())[:count])
        content = content_of(studies, None, "report")
        shown.append(page(content.title, content.sections, content.published))

    assert tags(shown[0]) == tags(shown[1])
    assert "<img" not in shown[0]
    assert "<script>alert" not in shown[0]
