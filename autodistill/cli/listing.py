"""What there is, from the folders themselves: `autodistill ls` and `autodistill show`."""

import math
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autodistill.errors import SpecError, choose_from
from autodistill.registry import families
from autodistill.registry.families import Card
from autodistill.registry.ranges import Domain, OneOf
from autodistill.registry.slots import slots
from autodistill.study import spaces
from autodistill.study.rules import Conditions, impossible
from autodistill.study.space import Space

KINDS = (*families.FAMILIES, "spaces", "studies")
WIDE = 10_000
"""Columns where nobody looks at a terminal: no cell is cut or folded."""


def list_members(what: str, storage: str, classes: int = 0) -> None:
    """Print one line for each member of a family, each space or each study; losses without those that so many classes rule out, and why."""
    if classes and what != "losses":
        raise SpecError(f"--classes is about losses, not {what}; leave it out.")
    match _kind(what):
        case "spaces":
            _print_table(
                ("name", "parts", "values", "about"),
                [_space_row(name) for name in spaces.names("search_spaces")],
            )
        case "studies":
            _list_studies(storage)
        case _:
            head = ("name", "names", "kind", "needs", "knobs", "summary", "source")
            ruled_out = _ruled_out(classes) if classes else {}
            _print_table(
                head,
                [
                    _member_row(families.card(what, name))
                    for name in families.names(what)
                    if name not in ruled_out
                ],
            )
            if ruled_out:
                _console().print(Text(f"\nnot for {classes} classes:"))
                _print_table(("name", "why"), ruled_out.items())


def show_member(what: str, name: str, storage: str) -> None:
    """Print one member, space or study in full."""
    match _kind(what):
        case "spaces":
            _show_space(spaces.space(name))
        case "studies":
            _show_study(name, storage)
        case _:
            _show_card(families.card(what, name))


def describe(domain: Domain) -> str:
    """A range for people: 1..16 log, or a|b|c; a single value stands for itself."""
    match domain:
        case OneOf(choices=choices):
            return "|".join(map(str, choices))
        case _ if domain.low == domain.high:
            return f"{domain.low:g}"
    return f"{domain.low:g}..{domain.high:g}" + (" log" if domain.log else "")


def count_ways(space: Space) -> tuple[int, int]:
    """How many choices of parts there are, and how many values are free beside them."""
    features = [name for name in space.slots["feature"] if name != "none"]
    mapped = len(features) * len(space.slots["mapping"]) + ("none" in space.slots["feature"])
    rest = slots().keys() - {"feature", "mapping", "connector"}
    ways = mapped * math.prod(len(space.slots[slot]) for slot in rest if slot in space.slots)
    knobs = [
        d for choices in space.slots.values() for knobs in choices.values() for d in knobs.values()
    ]
    return ways, sum(_is_free(d) for d in (*knobs, *space.weights.values()))


def _kind(what: str) -> str:
    if what not in KINDS:
        raise SpecError(choose_from("kind", what, KINDS))
    return what


def _ruled_out(classes: int) -> dict[str, str]:
    """Losses that make no sense for a task of so many classes, with the reason."""
    if classes < 2:
        raise SpecError(f"--classes is {classes}; a task has two or more.")
    slots: dict[str, dict[str, dict[str, Domain]]] = {"hard": {}, "logit": {}, "feature": {}}
    for name in families.names("losses"):
        slots[str(families.card("losses", name).traits["kind"])][name] = {}
    return {
        place.partition(".")[2]: why
        for place, why in impossible(slots, Conditions(classes)).items()
    }


def _is_free(domain: Domain) -> bool:
    return len(domain.choices) > 1 if isinstance(domain, OneOf) else domain.low < domain.high


def _member_row(card: Card) -> tuple[str, ...]:
    knobs = "; ".join(f"{k.name} {describe(k.domain)}" for k in card.knobs.values())
    known, needs = (
        ", ".join(card.traits.get("known", ())),
        ", ".join(sorted(card.traits.get("needs", ()))),
    )
    return (
        card.name,
        known,
        card.traits.get("kind", ""),
        needs,
        knobs,
        card.summary,
        card.labels.get("Source", "").rstrip("."),
    )


def _space_row(name: str) -> tuple[str, ...]:
    try:
        space = spaces.space(name)
    except SpecError as error:  # one broken file of a person's own does not hide the others
        return name, "", "", f"cannot be used: {error.problems[0]}"
    ways, free = count_ways(space)
    return name, f"{ways} choices", f"{free} free", space.about


def _list_studies(storage: str) -> None:
    from autodistill.storage import Store

    rows = Store(spaces.database(storage)).studies()
    best = {row.name: "" if row.best is None else f"{row.best:.4f}" for row in rows}
    head = ("name", "dataset", "runs", "best", "created (UTC)")
    _print_table(
        head,
        [
            (r.name, r.dataset, str(r.finished), best[r.name], r.created[:16].replace("T", " "))
            for r in rows
        ],
    )


def _show_card(card: Card) -> None:
    console = _console()
    console.print(Text(f"{card.family} {card.name}: {card.summary}"))
    for label, text in card.labels.items():
        console.print(Text(f"  {label:<8} {text}"))
    for fact, value in card.traits.items():
        shown = (
            ", ".join(sorted(map(str, value)))
            if isinstance(value, frozenset | tuple)
            else str(value)
        )
        console.print(Text(f"  {fact:<8} {shown}"))
    if card.knobs:
        _print_table(
            ("knob", "range", "default"),
            [(k.name, describe(k.domain), str(k.default)) for k in card.knobs.values()],
        )


def _show_space(space: Space) -> None:
    console, (ways, free) = _console(), count_ways(space)
    console.print(Text(f"space {space.name}: {space.about}"))
    console.print(Text(f"  {ways} choices of parts, {free} free values"))
    rows = []
    for slot, choices in space.slots.items():
        for choice, knobs in choices.items():
            rows.append(
                (
                    slot,
                    choice,
                    "; ".join(f"{name} {describe(domain)}" for name, domain in knobs.items()),
                )
            )
    rows += [("weight", name, describe(domain)) for name, domain in space.weights.items()]
    _print_table(("slot", "choice", "values"), rows)
    console.print(Text(f"default recipe: {space.made_of(space.default_values())}"))


def _show_study(name: str, storage: str) -> None:
    from autodistill.analysis.recommendation import recommend
    from autodistill.cli.arguments import storage_option
    from autodistill.report.answer import answer_of, commands_of
    from autodistill.report.terminal import print_answer
    from autodistill.runtime.progress import Screen
    from autodistill.storage import Store

    record, console = Store(spaces.database(storage)).record(name), _console()
    console.print(Text(f"study {name}"))
    _print_pairs(
        "question", {k: v for k, v in record.study.to_dict().items() if v not in ("", [], {}, 0)}
    )
    _print_pairs("facts", record.facts)
    counts = Counter(outcome.status for outcome in record.outcomes)
    _print_pairs("runs", dict(sorted(counts.items())) or {"none": "not started"})
    if record.leaders():
        recipe, verdict = recommend(record, name)
        commands = commands_of(name, storage_option(storage))
        print_answer(answer_of(record, recipe, verdict, commands), Screen().answers)


def _print_pairs(title: str, pairs: Mapping[str, Any]) -> None:
    console = _console()
    console.print(Text(f"  {title}"))
    for key, value in pairs.items():
        shown = (
            f"{value:.4g}"
            if isinstance(value, float)
            else ", ".join(map(str, value))
            if isinstance(value, list)
            else str(value)
        )
        console.print(Text(f"    {key:<16} {shown}"))


def _print_table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """Print the columns that hold anything."""
    cells = list(rows)
    used = [i for i in range(len(head)) if any(row[i] for row in cells)] or range(len(head))
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for i in used:
        table.add_column(head[i], overflow="fold", no_wrap=head[i] == "name")
    for row in cells:
        table.add_row(*(Text(row[i]) for i in used))
    _console().print(table)


def _console() -> Console:
    return Console(highlight=False, width=None if sys.stdout.isatty() else WIDE)
