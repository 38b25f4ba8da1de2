import numpy as np
import pytest

from autodistill.training.spectral_entropy import information, profile, spectral_entropy


def test_rows_that_are_the_same_have_no_spread_and_distant_ones_all_there_is() -> None:
    assert spectral_entropy(np.ones((6, 3)), 10.0) == pytest.approx(0.0, abs=1e-9)
    assert spectral_entropy(1000 * np.eye(64), 10.0) == pytest.approx(6.0)


def test_two_rows_by_hand() -> None:
    near = np.exp(
        -0.5
    )  # at distance one of a walk of width one: eigenvalues 1 and (1 - near) / (1 + near)
    low = (1 - near) / (1 + near)
    shares = np.array([1, low]) / (1 + low)

    assert spectral_entropy(np.array([[0.0], [1.0]]), 1.0) == pytest.approx(
        -(shares * np.log2(shares)).sum()
    )


def test_the_median_distance_makes_it_blind_to_size() -> None:
    states = np.random.default_rng(0).normal(size=(40, 5))

    assert spectral_entropy(30 * states) == pytest.approx(spectral_entropy(states))


def test_a_layer_that_tells_the_classes_apart_knows_more_of_them() -> None:
    draw = np.random.default_rng(0)
    labels = np.repeat([0, 1], 60)
    noise = draw.normal(size=(120, 4))

    blind, seeing = information([noise, noise * 0.1 + labels[:, None]], labels)

    assert seeing > blind + 0.3
    assert abs(blind) < 0.15


def test_a_profile_has_a_number_for_each_layer_from_a_few_rows() -> None:
    draw = np.random.default_rng(0)
    layers = [draw.normal(size=(700, 3)).astype(np.float16), np.zeros((700, 3), dtype=np.float16)]

    found = profile(layers)

    assert len(found) == 2
    assert found[0] > 1
    assert found[1] == pytest.approx(0.0, abs=1e-6)
