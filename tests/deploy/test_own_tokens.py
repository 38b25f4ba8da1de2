"""Students that read with their own tokenizer, from rows to the written folder."""

import json
from pathlib import Path

import numpy as np
import pytest
from transformers import AutoTokenizer

from autodistill.datasets._tables import TokenTable
from autodistill.deploy.student import Student
from autodistill.prepare.materials import untaught
from autodistill.prepare.workspace import open_workspace
from autodistill.registry import families
from autodistill.runtime.progress import Screen
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.study.recipe import Recipe
from autodistill.study.study import Study
from autodistill.training.latency import Costs
from tests.commands import refused, run_cli, says
from tests.students import tiny_student

KD = (Term(Part("ce"), 0.5), Term(Part("kl", {"temperature": 2.0}), 0.5))


@pytest.fixture(scope="module")
def albert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny ALBERT with sentence pieces of its own."""
    return tiny_student(tmp_path_factory.mktemp("albert"), "albert", num_hidden_layers=2)


def recipe(reviews: Path, teacher: Path, network: Path, *terms: Term, **stages: Part) -> Recipe:
    """One epoch of this network, with a small study about it."""
    student = Part("checkpoint", {"network": str(network)})
    pipeline = Pipeline(student, (*KD, *terms), Part("adamw", {"lr": 1e-3}), stages)
    return Recipe(Study(str(reviews), str(teacher), student=(str(network),)), pipeline, epochs=1)


def test_all_rows_are_tokens_of_its_own_tokenizer(
    reviews: Path, teacher: Path, albert: Path
) -> None:
    asked = Study(str(reviews), str(teacher), student=(str(albert),))
    workspace = open_workspace(asked, Screen(), None)

    data = untaught(workspace, workspace.as_tuned)

    made, cut = (
        families.build("students", name, knobs)
        for name, knobs in (("checkpoint", {"network": str(albert)}), ("cut", {}))
    )
    table = TokenTable.open(data.shards[data.words_of(made)].tokens)
    words = AutoTokenizer.from_pretrained(data.vocabularies[data.words_of(made)].folder)
    texts = workspace.task.answered.first
    read = words(list(texts[:3]))["input_ids"]
    assert [list(table.ids[a:b]) for a, b in zip(table.offsets, table.offsets[1:4])] == read
    assert len(table.lengths) == len(texts)
    assert data.words_of(cut) == "covering"
    assert data.median_length(made) != data.median_length(cut)


def test_its_latency_is_that_of_its_own_tokens(reviews: Path, teacher: Path, albert: Path) -> None:
    asked = Study(str(reviews), str(teacher), student=(str(albert),))
    workspace = open_workspace(asked, Screen(), None)
    costs = Costs(data := untaught(workspace, workspace.as_tuned))
    part = Part("checkpoint", {"network": str(albert)})

    cost = costs(part)

    tokens = data.median_length(families.build("students", part.name, part.knobs))
    assert cost["latency_ms"] > 0
    assert [name.rpartition(" ")[2] for name in costs.latencies] == [str(tokens)]


@pytest.mark.slow
def test_the_written_folder_reads_with_its_own_tokenizer(
    reviews: Path, teacher: Path, albert: Path, folder: Path
) -> None:
    means = Term(Part("mse", {"on": "pooled"}), 0.1, Part("skip"))
    views = {"augmentation": Part("random_swap")}
    recipe(reviews, teacher, albert, means, **views).save(Path("recipe.toml"))

    ran = run_cli("run", "recipe.toml", "--out", "student")

    assert ran.code == 0, ran.err
    own = AutoTokenizer.from_pretrained(albert).get_vocab()
    assert AutoTokenizer.from_pretrained("student").get_vocab().keys() <= own.keys()
    assert json.loads(Path("student/config.json").read_text())["model_type"] == "albert"
    proba = Student("student").predict_proba(["a good film", "a bad film"])
    assert np.allclose(proba.sum(1), 1.0)


@pytest.mark.usefixtures("folder")
def test_a_recipe_that_compares_tokens_across_tokenizers_is_refused_before_any_work(
    reviews: Path, teacher: Path, albert: Path
) -> None:
    tokens = Term(Part("mse", {"on": "tokens"}), 0.1, Part("skip"))
    recipe(reviews, teacher, albert, tokens).save(Path("recipe.toml"))

    told = refused("recipe.toml", verb="run")

    says(told, "'mse'", f"'{albert}'", "token by token", "the teacher's tokenizer")


@pytest.mark.usefixtures("folder")
def test_a_network_that_is_not_there_is_refused_before_any_work(
    reviews: Path, teacher: Path
) -> None:
    told = refused("--dataset", reviews, "--teacher", teacher, "--student", "no/where")

    says(told, "--student no/where: no network in a folder of this name")
