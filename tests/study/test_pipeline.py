"""Pipelines as values: round trips through JSON, keys by content, a line for people."""

import json
from dataclasses import replace

from autodistill.study.pipeline import Part, Pipeline, Term

MINE = Pipeline(
    Part("cut", {"keep": 0.5, "pick": "uniform"}),
    (
        Term(Part("ce"), 0.1),
        Term(Part("kl", {"temperature": 2.0}), 0.9),
        Term(Part("mse"), 0.25, Part("skip")),
    ),
    Part("adamw", {"lr": 2e-4, "batch": 32}),
)


def test_a_pipeline_survives_json() -> None:
    assert Pipeline.from_dict(json.loads(json.dumps(MINE.to_dict()))) == MINE


def test_the_order_of_knobs_does_not_change_the_key() -> None:
    turned = replace(MINE, student=Part("cut", {"pick": "uniform", "keep": 0.5}))

    assert turned.key == MINE.key
    assert len(MINE.key) == 12


def test_any_other_value_changes_the_key() -> None:
    others = [
        replace(MINE, student=Part("cut", {"keep": 0.67, "pick": "uniform"})),
        replace(MINE, terms=MINE.terms[:2]),
        replace(MINE, terms=(*MINE.terms[:2], Term(Part("mse"), 0.25, Part("last")))),
        replace(MINE, terms=(Term(Part("ce"), 0.2), *MINE.terms[1:])),
        replace(MINE, optimizer=Part("adamw", {"lr": 3e-4, "batch": 32})),
        MINE.with_stages(augmentation=Part("random_swap", {"rate": 0.1, "views": 1})),
        MINE.with_stages(mixup=Part("embedding", {"alpha": 0.4})),
    ]

    assert len({MINE.key, *(o.key for o in others)}) == 8


def test_a_pipeline_without_augmentation_and_mixup_keeps_the_key_from_before_there_were_any() -> (
    None
):
    assert MINE.key == "81ae9b1de6e4"
    assert set(MINE.to_dict()) == {"student", "terms", "optimizer"}


def test_augmentation_and_mixup_survive_json_and_are_read_out() -> None:
    treated = MINE.with_stages(
        augmentation=Part("random_swap", {"rate": 0.1, "views": 2}),
        mixup=Part("embedding", {"alpha": 0.4}),
    )

    assert Pipeline.from_dict(json.loads(json.dumps(treated.to_dict()))) == treated
    assert (
        "@skip · views random_swap(rate=0.1, views=2) · mixup embedding(alpha=0.4) · adamw"
        in str(treated)
    )


def test_a_term_without_mapping_is_written_without_one() -> None:
    assert MINE.terms[0].to_dict() == {"loss": {"name": "ce"}, "weight": 0.1}


def test_a_pipeline_reads_as_one_line() -> None:
    assert (
        str(MINE) == "cut(keep=0.5, pick=uniform) · 0.1·ce + 0.9·kl(temperature=2) "
        "+ 0.25·mse@skip · adamw(lr=0.0002, batch=32)"
    )
