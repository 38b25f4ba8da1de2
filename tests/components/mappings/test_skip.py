from autodistill.components.mappings.skip import Skip


def test_four_layers_spread_over_twelve() -> None:
    assert Skip().pairs(4, 12) == ((0, 0), (1, 3), (2, 6), (3, 9), (4, 12))


def test_the_last_of_eleven_layers_looks_at_the_last_of_fifteen() -> None:
    # int(11 * (15 / 11)) is 14 in floating point
    assert Skip().pairs(11, 15)[-1] == (11, 15)


def test_depths_that_do_not_divide_are_rounded_down() -> None:
    # 8/3 = 2.67 and 16/3 = 5.33
    assert Skip().pairs(3, 8) == ((0, 0), (1, 2), (2, 5), (3, 8))
