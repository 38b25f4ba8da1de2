"""Students that are to run as ONNX files: their bytes and latency are those of the file."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autodistill.errors import SpecError
from autodistill.study.facts import StudyFacts
from autodistill.study.pipeline import Part, Pipeline
from autodistill.study.study import Study, target_of
from autodistill.training.latency import NO_FACTS, Costs
from autodistill.training.onnx_files import example
from autodistill.training.rungs import never
from autodistill.training.trial import TrialSpec, run_trial
from autodistill.training.trial_data import TrialData

BAG = Part("bag", {"width": 32})
CUT = Part("cut", {"keep": 0.5})


def costs(data: TrialData, target: str, facts: StudyFacts = NO_FACTS) -> Costs:
    """Costs of students that are to run there."""
    return Costs(replace(data, target=target), facts)


@pytest.mark.slow
@pytest.mark.parametrize("student", [BAG, CUT], ids=str)
def test_the_bytes_of_a_student_are_those_of_its_file(data: TrialData, student: Part) -> None:
    found = {target: costs(data, target)(student) for target in ("", "onnx", "onnx-int8")}

    assert len({cost["params"] for cost in found.values()}) == 1
    assert found[""]["size_bytes"] == 4 * found[""]["params"]
    assert found["onnx"]["size_bytes"] > found[""]["size_bytes"]  # the graph stands in it, too
    assert found["onnx-int8"]["size_bytes"] < found["onnx"]["size_bytes"]
    assert all(cost["latency_ms"] > 0 for cost in found.values())


def test_a_study_exports_each_shape_once(data: TrialData, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, Any] = {}
    first = Costs(replace(data, target="onnx-int8"), keep=kept.update)(BAG)
    twin = replace(BAG, knobs={**BAG.knobs, "dropout": 0.3})

    monkeypatch.delattr("autodistill.training.latency.onnx_cost")
    again = costs(data, "onnx-int8", StudyFacts().updated(**kept))

    assert again(BAG) == first
    assert again(twin) == first


def test_a_trial_leaves_the_bytes_to_the_file(data: TrialData, pipeline: Pipeline) -> None:
    ticket = TrialSpec(0, pipeline, 0, 48, 1)

    found = run_trial(replace(data, target="onnx-int8"), ticket, never)

    assert found.cost["params"] > 0
    assert "size_bytes" not in found.cost


def test_an_example_ends_in_padding_and_has_none_before() -> None:
    class Network:
        """A network that says how it reads."""

        class config:  # noqa: N801
            """A vocabulary of nine words."""

            vocab_size = 9
            type_vocab_size = 2

    given = example(Network, 6, batch=2, ends=2, pad_id=3)

    assert list(given) == ["input_ids", "attention_mask", "token_type_ids"]
    assert np.array_equal(given["input_ids"] == 3, given["attention_mask"] == 0)
    assert given["attention_mask"].sum(1).tolist() == [6, 4]


def test_an_unknown_target_is_named_with_the_known_ones() -> None:
    with pytest.raises(SpecError, match=r"onnx8.*--target.*torch, onnx, onnx-int8"):
        target_of("onnx8")


def test_torch_is_the_target_of_studies_that_name_none() -> None:
    assert Study("x", target=target_of("torch")).key == Study("x").key
    assert Study("x", target="onnx").key != Study("x").key
