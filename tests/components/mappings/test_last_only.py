from autodistill.components.mappings.last_only import LastOnly


def test_there_is_one_pair() -> None:
    assert LastOnly().pairs(3, 8) == ((3, 8),)
