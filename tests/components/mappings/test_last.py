from autodistill.components.mappings.last import Last


def test_three_layers_look_at_the_top_three_of_eight_and_the_one_below() -> None:
    assert Last().pairs(3, 8) == ((0, 5), (1, 6), (2, 7), (3, 8))
