"""The measurement on DisWOT's 64 networks: what it reads, counts and tabulates."""

from pathlib import Path

import numpy as np
import pytest
import torch

from autodistill.errors import DataError
from benchmarks.s0 import _row
from benchmarks.s0_networks import NETWORKS, network, read_truth
from benchmarks.s0_readings import paper_distance


@pytest.mark.parametrize(("depths", "params"), [((3, 3, 3), 278_324), ((7, 1, 3), 259_892)])
def test_parameters_are_those_that_the_authors_print(depths: tuple[int, ...], params: int) -> None:
    assert sum(p.numel() for p in network(depths, 0, "own").parameters()) == params


def test_a_file_of_other_networks_is_refused(tmp_path: Path) -> None:
    whole = tmp_path / "kd.txt"
    whole.write_text(
        "".join(f"{''.join(map(str, n))} {60 + i / 10:.4f}\n" for i, n in enumerate(NETWORKS))
    )

    assert read_truth(whole)[7, 7, 7] == pytest.approx(66.3)
    whole.write_text("111 61.8\n113 62.0\n")
    with pytest.raises(DataError, match="holds 2 networks, not the 64"):
        read_truth(whole)


def test_a_score_that_is_the_depth_of_the_last_stage_says_nothing_within_it() -> None:
    truth = np.arange(64, dtype=float)
    last = np.array([[float(n[2]) for n in NETWORKS]] * 2)

    same, all_of_it = (
        _row("last", last, truth, truth),
        _row("truth", np.array([truth, truth]), truth, truth),
    )

    assert np.isnan(same.same_depth)
    assert (all_of_it.kd, all_of_it.spread, all_of_it.same_depth) == (1.0, 0.0, 1.0)


def test_normal_weights_have_deviation_one_and_are_the_same_at_one_start() -> None:
    drawn = [network((1, 1, 1), start, "normal") for start in (0, 0, 1)]

    assert float(drawn[0].stages[2][0].conv2.weight.detach().std()) == pytest.approx(1.0, abs=0.02)
    assert torch.equal(drawn[0].classifier.weight, drawn[1].classifier.weight)
    assert not torch.equal(drawn[0].classifier.weight, drawn[2].classifier.weight)


def test_the_papers_distance_is_blind_to_scale() -> None:
    torch.manual_seed(0)
    x, y = torch.randn(5, 4), torch.randn(5, 6)

    assert paper_distance(x, x) == pytest.approx(0.0, abs=1e-6)
    assert paper_distance(3 * x, y) == pytest.approx(paper_distance(x, y), abs=1e-6)
