import math

import numpy as np
import pytest

from autodistill.recommend.numbers import chosen, numbers, table
from autodistill.study.pipeline import Part, Pipeline, Term

PLAIN = Pipeline(
    Part("cut", {"keep": 0.5, "pick": "first"}),
    (Term(Part("ce"), 1.0),),
    Part("adamw", {"lr": 1e-3}),
)
RICH = Pipeline(
    Part("cut", {"keep": 0.17, "pick": "uniform"}),
    (
        Term(Part("ce"), 0.1),
        Term(Part("kl", {"temperature": 2.0}), 0.9),
        Term(Part("mse", {"on": "pooled"}), 0.3, Part("skip")),
    ),
    Part("adamw", {"lr": 1e-4}),
).with_stages(mixup=Part("embedding", {"alpha": 0.4}))


def test_a_choice_is_one_and_a_knob_its_value_on_its_own_scale() -> None:
    found = numbers(RICH)

    assert (
        found["student=cut"]
        == found["logit=kl"]
        == found["feature=mse"]
        == found["mapping=skip"]
        == found["mixup=embedding"]
        == 1.0
    )
    assert found["student.cut.keep"] == 0.17
    assert found["student.cut.pick=uniform"] == 1.0
    assert found["weight.logit"] == 0.9
    assert found["logit.kl.temperature"] == pytest.approx(math.log(2))
    assert found["optimizer.adamw.lr"] == pytest.approx(math.log(1e-4))


def test_what_was_not_chosen_is_zero_and_its_knobs_are_missing() -> None:
    made = table([PLAIN, RICH])

    assert made["logit=kl"].tolist() == [0.0, 1.0]
    assert made["weight.logit"].tolist() == [0.0, 0.9]
    assert np.isnan(made["logit.kl.temperature"][0])


def test_the_same_columns_can_be_asked_for_again() -> None:
    columns = [str(c) for c in table([RICH])]

    assert table([PLAIN], columns).columns.tolist() == columns
    assert table([PLAIN], columns)["logit=kl"].tolist() == [0.0]


def test_two_pipelines_that_differ_by_knobs_made_the_same_choices() -> None:
    other = Pipeline(RICH.student, RICH.terms, Part("adamw", {"lr": 1e-3})).with_stages(
        mixup=RICH.stage("mixup")
    )

    assert chosen(other) == chosen(RICH) != chosen(PLAIN)
