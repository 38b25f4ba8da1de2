"""The output of `ls` and `show`."""

from pathlib import Path

import pytest

from autodistill.cli.kinds import KINDS, family_of
from autodistill.cli.listing import count_ways, describe
from autodistill.datasets._customs import LABEL_NAMES
from autodistill.datasets.hub import Hub
from autodistill.registry import families
from autodistill.registry.ranges import OneOf, Real, Whole
from autodistill.study import spaces
from tests.commands import run_cli, run_in_terminal
from tests.records import outcome, write_study


@pytest.mark.parametrize(
    ("domain", "text"),
    [
        (Real(1.0, 16.0, log=True), "1..16 log"),
        (Whole(1, 12), "1..12"),
        (OneOf("a", 2), "a|2"),
        (Real(0.1, 0.1), "0.1"),
    ],
)
def test_a_range_reads_as_a_person_would_write_it(domain: Real | Whole | OneOf, text: str) -> None:
    assert describe(domain) == text


def test_the_size_of_a_space_counts_what_can_be_asked(tmp_path: Path) -> None:
    space = spaces.space("text")

    ways, free = count_ways(space)

    # students, hard, logit, (no feature + features x mappings), optimizers, augmentations, mixups,
    # targets, schedules
    assert ways == 2 * 2 * 7 * (1 + 3 * 2) * 1 * 3 * 2 * 2 * 3
    # cut: keep pick vocabulary embeddings dropout;
    # scratch: layers width heads feed_forward vocabulary dropout; label_smoothing: epsilon;
    # kl, reverse_kl: temperature; ab: alpha beta temperature; ofa: epsilon temperature;
    # log_cosh: temperature align;
    # mi_alpha: alpha hidden rate; adamw: lr batch weight_decay warmup; two weights;
    # random_swap: rate views; random_deletion: views;
    # mixup: alpha ratio teacher; label_revision: eta scope; two_stage: share
    assert free == 5 + 6 + 1 + 2 + 3 + 2 + 2 + 3 + 4 + 2 + 2 + 1 + 3 + 2 + 1


@pytest.mark.parametrize("kind", KINDS[:-2])
def test_every_member_of_a_family_is_listed_with_its_summary(kind: str) -> None:
    ran, family = run_cli("ls", kind), family_of(kind)

    assert ran.code == 0
    for name in families.names(family):
        assert any(
            line.startswith(name) and families.card(family, name).summary in line
            for line in ran.out.splitlines()
        ), name


def test_a_loss_is_listed_with_kind_needs_knobs_and_source() -> None:
    line = next(x for x in run_cli("ls", "losses").out.splitlines() if x.startswith("kl "))

    assert "logit " in line
    assert "logits" in line
    assert "temperature 1..16 log" in line
    assert "arXiv:1503.02531" in line


def test_losses_for_two_classes_are_listed_and_the_others_with_the_reason() -> None:
    left, _, out = run_cli("ls", "losses", "--classes", "2").out.partition("not for 2 classes:")

    assert len(families.names("losses")) == sum(
        " " in x.strip() and not x.startswith(("name", " ", "─")) for x in (left + out).splitlines()
    )
    assert any(line.startswith("kl ") for line in left.splitlines())
    assert any(
        line.startswith("dkd ") and "it needs 3 classes or more, the task has 2" in line
        for line in out.splitlines()
    )
    assert "dkd" not in {line.partition(" ")[0] for line in left.splitlines()}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("losses", "--classes", "1"), "--classes is 1"),
        (("mappings", "--classes", "2"), "about losses"),
    ],
)
def test_classes_that_make_no_sense_are_told(words: tuple[str, ...], message: str) -> None:
    ran = run_cli("ls", *words)

    assert ran.code == 2
    assert message in ran.err


def test_a_space_is_listed_with_its_size_and_what_it_is_for() -> None:
    line = next(x for x in run_cli("ls", "spaces").out.splitlines() if x.startswith("quick"))

    assert "14 choices" in line
    assert "A first answer in minutes" in line


def test_one_broken_space_does_not_hide_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "search_spaces").mkdir()
    (tmp_path / "search_spaces" / "mine.toml").write_text("[student", encoding="utf-8")

    ran = run_cli("ls", "spaces")

    assert ran.code == 0
    assert "cannot be used: mine.toml is not valid TOML" in ran.out
    assert "quick" in ran.out


def test_studies_are_listed_with_runs_best_and_date(tmp_path: Path) -> None:
    database = write_study(
        tmp_path / "x.db", outcome(0, 0.8), outcome(1, 0.9), outcome(2, 0.99, "stopped")
    )

    line = run_cli("ls", "studies", "--storage", database).out.splitlines()[-1]

    assert line.split()[:4] == [
        "tiny",
        "reviews.csv",
        "3",
        "0.9000",
    ]  # a stopped run has no say in the best


def test_a_member_is_shown_with_its_labels_and_knobs() -> None:
    out = run_cli("show", "losses", "kl").out

    for part in ("Source", "Idea", "Inputs", "Units", "Differs", "temperature", "1..16 log", "4.0"):
        assert part in out


def test_a_space_is_shown_with_choices_ranges_and_the_default_recipe() -> None:
    out = run_cli("show", "spaces", "quick").out

    for slot in ("student", "hard", "logit", "feature", "mapping", "optimizer", "weight"):
        assert slot in out
    assert "temperature 1..8 log" in out
    assert "default recipe: cut(" in out


def test_a_study_is_shown_with_question_facts_counts_and_leaders(tmp_path: Path) -> None:
    database = write_study(
        tmp_path / "x.db", outcome(0, 0.8), outcome(1, 0.9), outcome(2, 0.5, "stopped")
    )

    ran = run_cli("show", "studies", "tiny", "--storage", database)

    lines = [line.split() for line in ran.out.splitlines()]
    assert ["dataset", "reviews.csv"] in lines
    assert ["teacher_score", "0.95"] in lines
    assert ["complete", "2"] in lines
    assert ["stopped", "1"] in lines
    assert "Recommended\ncut(keep=0.5) · 1·kl(temperature=2)" in ran.out
    assert "autodistill recommend --study tiny --out recipe.toml --storage" in ran.out


def test_a_study_without_a_complete_run_is_shown_without_leaders(tmp_path: Path) -> None:
    ran = run_cli("show", "studies", "tiny", "--storage", write_study(tmp_path / "x.db"))

    assert ran.code == 0
    assert "not started" in ran.out
    assert "Recommended" not in ran.out


@pytest.mark.parametrize("words", [("ls", "nonsense"), ("show", "nonsense", "kl")])
def test_an_unknown_kind_is_answered_with_all_kinds(words: tuple[str, ...]) -> None:
    ran = run_cli(*words)

    assert ran.code == 2
    assert "unknown kind 'nonsense'" in ran.err
    assert all(kind in ran.err for kind in KINDS)


def test_an_unknown_member_is_answered_with_a_near_name() -> None:
    ran = run_cli("show", "losses", "klx")

    assert ran.code == 2
    assert "unknown loss 'klx'" in ran.err
    assert "Did you mean 'kl'?" in ran.err


@pytest.mark.parametrize("words", [("ls", "studies"), ("show", "studies", "tiny")])
def test_reading_a_database_that_is_not_there_does_not_make_one(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    ran = run_cli(*words, "--storage", tmp_path / "none.db")

    assert ran.code == 2
    assert "none.db" in ran.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [("ls", "datasets"), ("ls", "tasks")])
def test_datasets_are_listed_with_the_names_that_are_known(words: tuple[str, ...]) -> None:
    line = next(x for x in run_cli(*words).out.splitlines() if x.startswith("hub "))

    assert "glue/sst2, " in line
    assert "cifar10, " in line


def test_every_dataset_with_customary_labels_is_known() -> None:
    assert set(LABEL_NAMES) <= set(Hub.known)


@pytest.mark.parametrize("kind", KINDS[:-1])
def test_a_terminal_of_80_columns_shows_whole_words(kind: str, tmp_path: Path) -> None:
    shown = run_in_terminal(tmp_path, "ls", kind)

    family = family_of(kind)
    names = families.names(family) if family in families.FAMILIES else ()
    words = {word for name in names for word in families.card(family, name).summary.split()}
    assert [line for line in shown.splitlines() if len(line) > 80 or "…" in line] == []
    assert words <= set(shown.split())


def test_a_narrow_terminal_says_where_the_rest_is(tmp_path: Path) -> None:
    shown = run_in_terminal(tmp_path, "ls", "losses")

    assert shown.endswith("More (knobs, source): autodistill show losses NAME\n")


def test_a_wide_terminal_shows_everything(tmp_path: Path) -> None:
    shown = run_in_terminal(tmp_path, "ls", "losses", columns=200)

    assert "knobs" in shown.splitlines()[0]
    assert "More (" not in shown


def test_a_pipe_gets_a_line_for_each_row_and_no_padding_at_its_end() -> None:
    lines = run_cli("ls", "losses").out.splitlines()

    assert len(lines) == 1 + len(families.names("losses"))
    assert [line for line in lines if line != line.rstrip()] == []
