"""Which stages can stand beside which terms and which other stages."""

from collections.abc import Callable, Mapping, Sequence

from autodistill.registry import families
from autodistill.registry.slots import slots
from autodistill.study.pipeline import Part, Term
from autodistill.study.rules import by_token, takes_mixed_labels


def allows(slot: str, name: str, terms: Sequence[Term], stages: Mapping[str, Part]) -> bool:
    """Whether this member can fill this stage beside these terms and the other stages.

    The slot's declaration says what must be filled and what must be empty; some families ask for
    more.
    """
    declared = slots()[slot]
    filled = {*stages, *(_kind(t) for t in terms)} - {slot}
    if not set(declared.needs) <= filled or set(declared.bars) & filled:
        return False
    return MORE[slot](name, terms, stages) if slot in MORE else True


def _kind(term: Term) -> str:
    return str(families.card("losses", term.loss.name).traits["kind"])


def _by_kind(terms: Sequence[Term]) -> dict[str, families.Card]:
    return {_kind(t): families.card("losses", t.loss.name) for t in terms}


def _mixup(_: str, terms: Sequence[Term], __: Mapping[str, Part]) -> bool:
    """A mixed row has no place in the split, and its tokens are no teacher's."""
    cards = [families.card("losses", t.loss.name) for t in terms]
    if any("rows" in card.traits.get("beside", ()) for card in cards) or by_token(terms):
        return False
    connectors = [t.connector.name for t in terms if t.connector]
    if any(families.card("connectors", name).traits.get("gathers") for name in connectors):
        return False
    return all(takes_mixed_labels(card.name) for card in cards)


def _weighting(name: str, terms: Sequence[Term], _: Mapping[str, Part]) -> bool:
    """A loss over the batch as a whole has no rows to weigh; cross-entropy alone can be traded."""
    kinds = _by_kind(terms)
    if kinds["logit"].traits.get("fewest_rows", 1) != 1:
        return False
    trades = families.card("weightings", name).traits.get("trades")
    return not trades or ("hard" in kinds and kinds["hard"].name == "ce")


def _schedule(name: str, terms: Sequence[Term], _: Mapping[str, Part]) -> bool:
    """Whether there is everything that a schedule changes.

    That is a kind of loss, a temperature, the size of logits.
    """
    kinds = _by_kind(terms)
    there = set(kinds)
    if (logit := kinds.get("logit")) is not None:
        declared = {"temperature": "cools", "squares": "squares"}
        there |= {need for need, trait in declared.items() if logit.traits.get(trait)}
    return bool(families.card("schedules", name).traits["needs"] <= there)


def _tutor(name: str, terms: Sequence[Term], _: Mapping[str, Part]) -> bool:
    """Whether the tutor records states, where the terms compare any."""
    kinds = _by_kind(terms)
    feature, logit = kinds.get("feature"), kinds["logit"]
    looks = (feature is not None and bool(feature.traits.get("matches", True))) or (
        "pooled" in logit.traits.get("needs", ())
    )
    return bool(families.card("tutors", name).traits.get("states")) or not looks


def _sampling(name: str, _: Sequence[Term], stages: Mapping[str, Part]) -> bool:
    """How the student did on a mixed row says nothing of either of the two."""
    return "mixup" not in stages or not families.card("samplings", name).traits.get("listens")


def _transfer(name: str, terms: Sequence[Term], stages: Mapping[str, Part]) -> bool:
    """Without labels there is nothing to learn but from the teacher.

    A loss that knows its rows by their places has seen the labelled ones only; how the student did
    on a mixed row says nothing of either of the two.
    """
    if "mixup" in stages and families.card("transfers", name).traits.get("listens"):
        return False
    cards = [families.card("losses", t.loss.name) for t in terms]
    if any("rows" in card.traits.get("beside", ()) for card in cards):
        return False
    return any(card.traits["kind"] != "hard" for card in cards)


Rule = Callable[[str, Sequence[Term], Mapping[str, Part]], bool]
MORE: Mapping[str, Rule] = {
    "mixup": _mixup,
    "weighting": _weighting,
    "schedule": _schedule,
    "tutor": _tutor,
    "sampling": _sampling,
    "transfer": _transfer,
}
"""Rules beyond what the slots declare."""
