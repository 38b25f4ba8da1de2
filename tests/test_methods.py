"""Every method that is taken up has a member, a module or a decision."""

from collections import Counter

import pytest

from autodistill.registry import families
from tests.methods import PAGE, Method, methods, page
from tests.paths import ROOT


def test_the_page_is_what_the_members_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(methods()), "run python -m tests.methods"


def test_no_method_is_listed_twice_and_none_is_lost() -> None:
    assert Counter(m.row for m in methods()) == {"A": 3, "B": 27, "C": 27}
    assert len({m.name for m in methods()}) == 57


@pytest.mark.parametrize("method", methods(), ids=lambda m: m.name)
def test_a_method_has_a_member_a_module_or_a_reason(method: Method) -> None:
    assert method.found

    for place in method.found:
        first, _, rest = place.partition("/")
        if first == "decisions":
            assert list(ROOT.glob(f"decisions/{rest}-*.md"))
        elif first == "autodistill":
            assert (ROOT / place).is_file()
        else:
            assert rest in families.names(first)
