"""Agreement of proxies with trained students, on orders that can be counted by hand."""

import math

import numpy as np
import pytest
from scipy.stats import kendalltau

from autodistill.search.screening.agreement import BAND, agreements, rank_sum, ranks, regret


def test_ranks_put_what_is_not_a_number_last() -> None:
    assert ranks([2.0, math.nan, 3.0, 2.0]).tolist() == [2.5, 1.0, 4.0, 2.5]


def test_a_rank_sum_weighs_proxies_of_any_scale_alike() -> None:
    assert rank_sum({"small": [0.1, 0.2, 0.3], "large": [30.0, 20.0, 10.0]}).tolist() == [
        4.0,
        4.0,
        4.0,
    ]


def test_pairs_of_one_size_by_hand() -> None:
    # sizes 1, 1.2 and 10, 12: two pairs of one size;
    # the proxy has one of them right, parameters both
    sizes, scores = [1.0, 1.2, 10.0, 12.0], [0.1, 0.2, 0.3, 0.4]

    found = agreements(scores, sizes, {"proxy": [2.0, 1.0, 3.0, 4.0], "params": sizes})

    assert found["proxy"].band == pytest.approx(0.0)
    assert found["params"].band == pytest.approx(1.0)
    assert found["proxy"].kendall == pytest.approx(kendalltau([2, 1, 3, 4], scores)[0])
    assert BAND < 10 / 1.2


def test_a_proxy_that_sees_what_size_does_not_is_kept_and_one_that_repeats_size_is_not() -> None:
    draw = np.random.default_rng(0)
    sizes = draw.uniform(1, 10, 40)
    quality = draw.normal(size=40)
    scores = np.log(sizes) + quality
    proxies = {
        "sees": np.log(sizes) + 0.9 * quality,
        "params": sizes,
        "noise": draw.normal(size=40),
    }

    found = agreements(
        scores.tolist(), sizes.tolist(), {name: values.tolist() for name, values in proxies.items()}
    )

    assert found["sees"].is_kept
    assert not found["params"].is_kept
    assert not found["noise"].is_kept
    low, high = found["sees"].kendall_interval
    assert low < found["sees"].kendall < high


def test_a_perfect_order_costs_less_than_a_random_one_and_an_upside_down_one_more() -> None:
    draw = np.random.default_rng(1)
    truth = draw.normal(size=30)
    scores = truth[:, None] + 0.1 * draw.normal(size=(30, 2))

    good, random = regret(scores.tolist(), truth.tolist(), trained=4, pool=20)
    bad, _ = regret(scores.tolist(), (-truth).tolist(), trained=4, pool=20)

    assert good.mean() < 0.3 * random.mean()
    assert bad.mean() > random.mean()
    assert len(good) == 200


def test_a_proxy_without_a_number_for_most_students_agrees_with_nothing() -> None:
    half, few = [1.0, 2.0, 3.0, 4.0] + [math.nan] * 4, [1.0, 2.0, 3.0] + [math.nan] * 5

    found = agreements(list(range(8)), [1.0] * 8, {"params": [1.0] * 8, "half": half, "few": few})

    assert math.isnan(found["few"].kendall)
    assert not found["few"].is_kept
    assert not math.isnan(found["half"].kendall)
