"""Networks that are named as students are looked at before any work."""

import json
import os
import shutil
from pathlib import Path

import pytest
from transformers import AutoConfig, AutoTokenizer

from autodistill.errors import SpecError
from autodistill.prepare.early_checks import check_student
from autodistill.prepare.named_networks import NamedNetwork, check_numbered
from autodistill.prepare.workspace import Workspace, open_workspace
from autodistill.runtime.progress import Screen
from autodistill.study import spaces
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.study.recipe import Recipe
from autodistill.study.space import Space
from autodistill.study.study import Study
from tests.students import tiny_student


@pytest.fixture(scope="module")
def quick() -> Space:
    """A space without the student that is made of them."""
    return spaces.space("quick")


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny network with a tokenizer of its own, and two layers as the tiny teacher."""
    return tiny_student(tmp_path_factory.mktemp("other"), "electra", num_hidden_layers=2)


def opened(reviews: Path, teacher: Path, *names: object, space: str = "quick") -> Workspace:
    """A study of these reviews with these networks as students."""
    study = Study(str(reviews), str(teacher), space, student=tuple(map(str, names)))
    return open_workspace(study, Screen(), None)


def refused(reviews: Path, teacher: Path, *names: object) -> tuple[str, ...]:
    """Why these networks cannot be students."""
    with pytest.raises(SpecError) as caught:
        opened(reviews, teacher, *names)
    return tuple(caught.value.problems)


def changed(source: Path, target: Path, *without: str) -> Path:
    """A copy of a folder without these files."""
    shutil.copytree(source, target)
    for name in without:
        (target / name).unlink()
    return target


def looks(workspace: Workspace) -> NamedNetwork:
    """The one network of a workspace."""
    (network,) = workspace.networks
    return network


def test_a_network_with_another_tokenizer_reads_its_own_tokens(
    reviews: Path, teacher: Path, other: Path
) -> None:
    network = looks(opened(reviews, teacher, other))

    assert network.own_tokens
    assert network.folder == other
    assert network.longest == 66


def test_a_network_with_the_teachers_tokenizer_reads_the_teachers_tokens(
    reviews: Path, teacher: Path
) -> None:
    assert not looks(opened(reviews, teacher, teacher)).own_tokens


def test_a_network_that_takes_shorter_texts_than_the_teacher_cuts_them_itself(
    reviews: Path, teacher: Path, tmp_path: Path
) -> None:
    short = tiny_student(tmp_path / "short", "bert", max_position_embeddings=16, vocab_size=200)
    AutoTokenizer.from_pretrained(teacher).save_pretrained(short)

    network = looks(opened(reviews, teacher, short))

    assert network.own_tokens
    assert network.longest == 16


def test_a_network_deeper_than_the_teacher_is_known_as_such(
    reviews: Path, teacher: Path, tmp_path: Path
) -> None:
    deep = tiny_student(tmp_path / "deep", "bert", num_hidden_layers=3)

    assert "layers" in looks(opened(reviews, teacher, deep)).lacks


def test_everything_that_is_wrong_with_the_networks_is_said_at_once(
    reviews: Path, teacher: Path, other: Path, tmp_path: Path
) -> None:
    weightless = changed(other, tmp_path / "weightless", "model.safetensors")
    mute = changed(other, tmp_path / "mute", "tokenizer.json", "tokenizer_config.json")
    decoder = changed(other, tmp_path / "decoder")
    content = json.loads((decoder / "config.json").read_text())
    content |= {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"]}
    (decoder / "config.json").write_text(json.dumps(content))
    nowhere = tmp_path / "nowhere"

    told = refused(reviews, teacher, weightless, mute, decoder, nowhere)

    assert f"--student {weightless}: the network folder {weightless} holds no weights" in told[0]
    assert f"--student {mute}: " in told[1]
    assert "no tokenizer" in told[1]
    assert f"--student {decoder}: the network is GPT2LMHeadModel" in told[2]
    assert f"--student {nowhere}: no network in a folder of this name" in told[3]
    assert len(told) == 4


def test_a_network_of_a_space_is_refused_by_the_name_of_the_space(
    reviews: Path, teacher: Path, folder: Path
) -> None:
    (folder / "own.toml").write_text('[student.checkpoint]\nname = ["nowhere"]\n')

    with pytest.raises(SpecError, match=r"name 'nowhere' \(space 'own\.toml'\): no network"):
        opened(reviews, teacher, space="own.toml")


def test_the_fingerprint_holds_the_content_of_the_networks(
    reviews: Path, teacher: Path, other: Path, tmp_path: Path
) -> None:
    twin = changed(other, tmp_path / "twin")
    third = tiny_student(tmp_path / "third", "electra", hidden_size=16)

    keys = opened(reviews, teacher, other, twin, third).network_keys.split(".")

    assert keys[0] == keys[1] != keys[2]


def recipe_of(workspace: Workspace, student: object, *terms: Term) -> Recipe:
    """A recipe of this study whose student is this network."""
    plain = (Term(Part("ce"), 1.0), *terms)
    pipeline = Pipeline(Part("checkpoint", {"network": str(student)}), plain, Part("adamw"))
    mark = f"a-b-c-{workspace.network_keys}"
    return Recipe(Study("a.csv", fingerprint=mark), pipeline, 1)


def test_a_recipe_whose_network_was_changed_is_refused(
    reviews: Path, teacher: Path, other: Path, tmp_path: Path
) -> None:
    twin = changed(other, tmp_path / "twin")
    recipe = recipe_of(opened(reviews, teacher, twin), twin)
    with (twin / "config.json").open("a") as stream:
        stream.write("\n")

    with pytest.raises(SpecError, match=f"the network '{twin}' .*its files were changed"):
        check_student(opened(reviews, teacher, twin), recipe)


def test_a_recipe_with_a_network_of_no_study_is_refused(
    reviews: Path, teacher: Path, other: Path
) -> None:
    workspace = opened(reviews, teacher, other)

    with pytest.raises(SpecError, match="'elsewhere', which is none of its study's"):
        check_student(workspace, recipe_of(workspace, "elsewhere"))


def test_a_recipe_that_compares_tokens_of_two_tokenizers_is_refused_with_both_names(
    reviews: Path, teacher: Path, other: Path
) -> None:
    workspace = opened(reviews, teacher, other)
    tokens = Term(Part("mse", {"on": "tokens"}), 1.0, Part("skip"))
    means = Term(Part("mse", {"on": "pooled"}), 1.0, Part("skip"))

    check_student(workspace, recipe_of(workspace, other, means))
    with pytest.raises(SpecError, match=f"'mse' .*'{other}': it compares .* token by token"):
        check_student(workspace, recipe_of(workspace, other, tokens))


def test_networks_are_refused_for_images(tmp_path: Path, teacher: Path) -> None:
    with pytest.raises(SpecError, match="--student small: networks are students for texts"):
        open_workspace(Study("digits", "embedded", student=("small",)), Screen(), None)


def numbered(teacher: Path, space: Space, *, images: bool = False) -> list[str]:
    """Notes on the networks that the environment variable names."""
    return list(check_numbered(teacher, space, "quick", images=images))


def test_nothing_is_said_where_the_variable_is_not_set(teacher: Path, quick: Space) -> None:
    assert numbered(teacher, quick) == []


def test_the_variable_is_said_to_be_in_vain(
    teacher: Path, quick: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTODISTILL_STUDENT", str(teacher))

    assert numbered(teacher, quick) == [
        "AUTODISTILL_STUDENT is not used: no student of the space 'quick' is one of its networks; "
        "name them with --student, or unset AUTODISTILL_STUDENT"
    ]
    assert "the task is of images" in numbered(teacher, quick, images=True)[0]
    assert numbered(teacher, spaces.space("everything")) == []


def test_a_numbered_network_that_reads_other_tokens_is_refused_whatever_their_number(
    teacher: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Path(shutil.copytree(teacher, tmp_path / "other"))
    text = (other / "tokenizer.json").read_text()
    (other / "tokenizer.json").write_text(text.replace("lovely", "lively"))
    fewer = tmp_path / "fewer"
    config = AutoConfig.from_pretrained(teacher)
    config.vocab_size = 7
    config.save_pretrained(fewer)
    AutoTokenizer.from_pretrained(teacher).save_pretrained(fewer)
    names = os.pathsep.join(map(str, (other, fewer, tmp_path / "nowhere")))
    monkeypatch.setenv("AUTODISTILL_STUDENT", names)

    with pytest.raises(SpecError) as caught:
        numbered(teacher, spaces.space("everything"))

    first, second, third = caught.value.problems
    size = AutoConfig.from_pretrained(teacher).vocab_size
    assert f"STUDENT={other}: its tokens are not the teacher's ({size:,} and {size:,}" in first
    assert f"STUDENT={fewer}: its tokens are not the teacher's (7 and {size:,}" in second
    assert "no network in a folder of this name" in third
