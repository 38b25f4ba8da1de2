"""The table of sizes as people read it."""

from autodistill.analysis.verdict import judge
from autodistill.registry import families
from autodistill.report.sizes_table import sizes_table
from autodistill.report.table import Table
from autodistill.study.results import StudyResult, Trial
from autodistill.study.study import Study
from tests.analysis.test_sizes import KNOWN, sized


def table(*outcomes: Trial) -> Table | None:
    """The table of a study of these trials."""
    record = StudyResult(Study("reviews.csv", metric="accuracy"), outcomes, facts=KNOWN)
    return sizes_table(record, judge(record, families.build("metrics", "accuracy", {}).of_rows))


def test_a_row_names_a_size_its_trial_its_gain_and_its_share_of_the_teacher() -> None:
    made = table(sized(0, 0.90, 5e6), sized(1, 0.70, 5e4), sized(2, 0.60, 5e4, "alone"))

    assert made is not None
    (small, best) = (dict(zip([c.name for c in made.columns], row)) for row in made.texts())
    assert (small["size"], small["trial"], small["of teacher"]) == ("smallest", "1", "0.5%")
    assert small["gain of distillation"].startswith("+0.1000 (+0.0")
    assert (best["size"], best["of teacher"]) == ("best", "50%")
    assert best["gain of distillation"] == "not known"
    assert made.marked == (1,)


def test_its_note_names_the_command_for_a_smaller_recipe() -> None:
    made = table(sized(0, 0.90, 5e6), sized(1, 0.70, 5e4))

    assert made is not None
    assert "autodistill recommend --study NAME --choose smallest --out FILE" in made.note
    assert "--choose balanced" in made.note


def test_there_is_none_where_all_students_are_of_one_size() -> None:
    assert table(sized(0, 0.90, 5e6), sized(1, 0.70, 5e6)) is None
