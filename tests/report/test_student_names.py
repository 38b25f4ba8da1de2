"""Short names of students."""

from autodistill.report.student_names import student_names
from autodistill.study.pipeline import Part


def test_only_what_sets_students_of_one_kind_apart_is_named() -> None:
    half, third = (Part("cut", {"keep": k, "pick": "ends"}) for k in (0.5, 0.34))
    bag = Part("static", {"width": 64})

    names = student_names([half, third, bag, half])

    assert names == {
        str(half): "cut(keep=0.5)",
        str(third): "cut(keep=0.34)",
        str(bag): "static",
    }
