import pytest
import torch

from autodistill.components.connectors.cross_attention import CrossAttention

MASK = torch.tensor([[1, 1, 1, 0], [1, 1, 0, 0]])


def made() -> CrossAttention:
    """From width three to width eight."""
    torch.manual_seed(0)
    connector = CrossAttention()
    connector.connect(3, 8)
    return connector


def test_one_vector_for_each_row_or_for_each_token() -> None:
    tokens = torch.randn(2, 4, 3)

    assert made().gather(tokens, MASK, each=False).shape == (2, 8)
    assert made().gather(tokens, MASK, each=True).shape == (2, 4, 8)


@pytest.mark.parametrize("each", [False, True])
def test_what_stands_in_padding_does_not_matter(each: bool) -> None:
    connector, tokens = made(), torch.randn(2, 4, 3)
    other = torch.where(MASK.bool().unsqueeze(2), tokens, 50.0)

    found, same = (connector.gather(x, MASK, each=each) for x in (tokens, other))

    if each:
        found, same = found[MASK.bool()], same[MASK.bool()]
    torch.testing.assert_close(found, same)


def test_equal_tokens_are_gathered_as_any_one_of_them() -> None:
    connector, token = made(), torch.randn(1, 1, 3)

    alone = connector.gather(token, torch.ones(1, 1, dtype=torch.long), each=False)

    torch.testing.assert_close(
        connector.gather(token.expand(1, 4, 3), torch.ones(1, 4, dtype=torch.long), each=False),
        alone,
    )


def test_a_vector_without_tokens_is_refused() -> None:
    with pytest.raises(TypeError, match="gather"):
        made()(torch.randn(2, 3))
