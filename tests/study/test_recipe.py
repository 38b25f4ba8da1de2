"""Recipe files: what is saved is what is read, and every mistake is told at once."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from autodistill.errors import SpecError
from autodistill.registry import families
from autodistill.registry.ranges import random_ask
from autodistill.study import spaces
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.study.recipe import Recipe
from autodistill.study.study import Study

MINE = Recipe(
    Study(
        "a.csv",
        columns={"text": "t", "label": "l"},
        labels=("neg", "pos"),
        rows=500,
        metric="accuracy",
        fingerprint="abc",
    ),
    Pipeline(
        Part("cut", {"keep": 0.5, "pick": "uniform"}),
        (
            Term(Part("ce"), 0.1),
            Term(Part("kl", {"temperature": 2.0}), 0.9),
            Term(Part("mi_alpha", {"alpha": 0.9}), 0.1, Part("skip")),
        ),
        Part("adamw", {"lr": 1 / 3000, "batch": 32}),
    ),
    epochs=4,
    seed=7,
    evidence={"study": "a-1234", "score": 0.876543, "runs": 12},
)


def saved(folder: Path) -> Path:
    """The recipe above as a file."""
    path = folder / "recipe.toml"
    MINE.save(path)
    return path


def edited(folder: Path, *changes: tuple[str, str]) -> Path:
    """The same file after a person changed some text in it."""
    path = saved(folder)
    text = path.read_text()
    for old, new in changes:
        assert old in text, f"{old} is not in\n{text}"
        text = text.replace(old, new, 1)
    path.write_text(text)
    return path


def test_what_is_saved_is_what_is_read(tmp_path: Path) -> None:
    assert Recipe.load(saved(tmp_path)) == MINE


def test_a_recipe_of_defaults_survives_too(tmp_path: Path) -> None:
    plain = Recipe(Study("a.csv"), MINE.pipeline, epochs=3)
    plain.save(tmp_path / "recipe.toml")

    assert Recipe.load(tmp_path / "recipe.toml") == plain


def test_every_mistake_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    path = edited(
        tmp_path,
        ("dataset =", "datset ="),
        ("epochs = 4", "epochs = 0"),
        ('name = "kl"', 'name = "kll"'),
        ("keep = 0.5", "keep = 0.51"),
        ("batch = 32", "batches = 32"),
        ("weight = 0.9", 'weight = "much"'),
    )

    with pytest.raises(SpecError) as caught:
        Recipe.load(path)

    wanted = [
        "unknown key question.datset",
        "question.dataset is missing",
        "training.epochs is 0",
        "0.51 is not one of",
    ]
    wanted += [
        "has no knob 'batches'",
        "is 'much'; input should be a valid number",
        "unknown loss 'kll'",
    ]
    assert len(caught.value.problems) == len(wanted)
    for part in wanted:
        assert sum(part in p and str(path) in p for p in caught.value.problems) == 1, part


def test_a_part_without_a_name_is_told(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"mapping\.name is missing"):
        Recipe.load(edited(tmp_path, ('name = "skip"', 'nam = "skip"')))


def test_a_recipe_without_terms_is_told(tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    head = 'format = 1\n[question]\ndataset = "a.csv"\n[training]\nepochs = 1\n'
    path.write_text(head + '[pipeline]\nstudent = {name = "cut"}\noptimizer = {name = "adamw"}\n')

    with pytest.raises(SpecError, match=r"pipeline\.terms is missing"):
        Recipe.load(path)


def test_a_format_of_the_future_asks_for_an_upgrade(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"has format 2, this version reads 1\. Upgrade"):
        Recipe.load(edited(tmp_path, ("format = 1", "format = 2")))


def test_a_file_that_is_not_toml_is_told_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text("format = 1\nquestion == 2\n")

    with pytest.raises(SpecError, match=r"is not valid TOML: .*line 2"):
        Recipe.load(path)


def test_a_file_that_is_not_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "recipe.toml").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(SpecError, match="is not valid TOML"):
        Recipe.load(tmp_path / "recipe.toml")


def test_a_toml_file_of_another_kind_is_not_a_recipe(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text('about = "a space"\n')

    with pytest.raises(
        SpecError, match=r"is not a recipe: format, question, training, pipeline missing"
    ):
        Recipe.load(tmp_path / "x.toml")


def test_a_missing_file_says_who_writes_one(tmp_path: Path) -> None:
    with pytest.raises(
        SpecError,
        match=r"cannot be read: no such file or directory\. `autodistill search` writes one\.",
    ):
        Recipe.load(tmp_path / "recipe.toml")


TREATED = replace(
    MINE,
    pipeline=MINE.pipeline.with_stages(
        augmentation=Part("random_swap", {"rate": 0.1, "views": 2}),
        mixup=Part("embedding", {"alpha": 0.4, "ratio": 0.5, "teacher": "interpolate"}),
    ),
)


def test_augmentation_and_mixup_are_saved_and_read(tmp_path: Path) -> None:
    TREATED.save(tmp_path / "recipe.toml")

    assert Recipe.load(tmp_path / "recipe.toml") == TREATED


def test_none_may_be_written_out(tmp_path: Path) -> None:
    path = saved(tmp_path)
    path.write_text(
        path.read_text().replace("[evidence]", '[pipeline.mixup]\nname = "none"\n\n[evidence]')
    )

    assert Recipe.load(path) == MINE


def test_mistakes_in_augmentation_and_mixup_are_told(tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    TREATED.save(path)
    path.write_text(
        path.read_text()
        .replace('"random_swap"', '"random_swop"')
        .replace("alpha = 0.4", "alpha = 3.0")
    )

    with pytest.raises(
        SpecError, match=r"unknown augmentation 'random_swop'.*Did you mean 'random_swap'"
    ) as caught:
        Recipe.load(path)

    assert any(
        "mixups 'embedding', knob 'alpha': 3.0 is outside 0.1 to 2" in p
        for p in caught.value.problems
    )


def test_a_loss_that_needs_one_class_per_row_is_refused_beside_mixup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = families.card
    rigid = replace(
        card("losses", "ce"), traits={**card("losses", "ce").traits, "soft_labels": False}
    )
    monkeypatch.setattr(
        families, "card", lambda kind, name: rigid if name == "ce" else card(kind, name)
    )
    TREATED.save(tmp_path / "recipe.toml")

    with pytest.raises(SpecError, match="the loss 'ce' looks at one class per row"):
        Recipe.load(tmp_path / "recipe.toml")


@pytest.mark.parametrize("count", [200, pytest.param(1000, marks=pytest.mark.long)])
@pytest.mark.parametrize("name", spaces.names("search_spaces"))
def test_every_recipe_that_a_shipped_space_can_write_is_read_back(
    name: str, count: int, tmp_path: Path
) -> None:
    space, ask = spaces.space(name), random_ask(random.Random(name))
    pipelines = [space.sample(ask) for _ in range(count)]

    for pipeline in pipelines:
        written = replace(MINE, pipeline=pipeline)
        written.save(tmp_path / "recipe.toml")

        assert Recipe.load(tmp_path / "recipe.toml") == written


@pytest.mark.parametrize(
    ("field", "part"),
    [
        ("companion", Part("peers", {"count": 2, "weight": 0.5})),
        ("tutor", Part("assistant", {"layers": 4})),
        ("post", Part("calibrated", {"share": 0.1})),
    ],
)
def test_a_part_that_does_not_exist_is_refused_in_every_stage(
    field: str, part: Part, tmp_path: Path
) -> None:
    path = tmp_path / "recipe.toml"
    replace(
        MINE, pipeline=MINE.pipeline.with_stages(**{field: replace(part, name="nonesuch")})
    ).save(path)

    with pytest.raises(SpecError, match="nonesuch"):
        Recipe.load(path)
