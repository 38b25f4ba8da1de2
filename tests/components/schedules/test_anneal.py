from autodistill.components.schedules.anneal import Anneal


def test_the_temperature_falls_from_its_own_to_one_in_a_straight_line() -> None:
    # of a loss at temperature 8: 8, 6.25, 4.5, 2.75, 1
    assert [1 + 7 * Anneal().factors(e / 4).temperature for e in range(5)] == [
        8.0,
        6.25,
        4.5,
        2.75,
        1.0,
    ]
    assert Anneal().factors(0.5).logit == 1.0
