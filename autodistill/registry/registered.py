"""Members that a running program adds to a family: classes of a script or a notebook.

They live in this process. Worker processes get them by value (`pack`, `unpack`), so that a class
of `__main__` is found there too.
"""

import inspect
import re
import typing
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, TypeVar, get_args, get_origin

import cloudpickle

from autodistill.errors import SpecError, choose_from
from autodistill.registry import families
from autodistill.registry.families import Card
from autodistill.registry.ranges import Knob, OneOf, Real, Whole

Member = TypeVar("Member", bound=type)
PLAIN = (str, int, float, bool, tuple, frozenset, dict)
"""Types of class attributes that a card keeps."""


def register(family: str, member: Member, *, name: str = "") -> Member:
    """Add a class to a family for as long as this program runs; the class comes back.

    It has to satisfy what a file of that family does: derive from the family's base class, and
    take keyword-only arguments with defaults, those to be searched with a range
    (`temperature: Annotated[float, ad.Real(1, 16)] = 4.0`). Its name is the class's in snake case
    if none is given: `MyLoss` is `my_loss`. A second class of the same name replaces the first, as
    when a notebook cell is run again; the name of a member that ships is refused.
    Raises SpecError with every problem.

    A search offers the member where its space names it: `[logit.my_loss]`, or `[logit."*"]` for
    all. A study that used it can be gone on with in another program that registers it, too.
    """
    components(family)
    if not inspect.isclass(member):
        raise SpecError(f"register takes a class, not {member!r:.60}; give the class itself.")
    name = name or snake_case(member.__name__)
    if problems := _problems(family, member, name):
        raise SpecError(problems)
    families.REGISTERED[family, name] = (read_card(family, member, name), member)
    _forget()
    return member


def components(family: str) -> dict[str, Card]:
    """The members of a family by name: what each one is, and its knobs with their ranges."""
    if family not in families.FAMILIES:
        raise SpecError(choose_from("family", family, families.FAMILIES))
    return {name: families.card(family, name) for name in families.names(family)}


def read_card(family: str, member: type, name: str) -> Card:
    """The card of a class, from its docstring, attributes and constructor."""
    doc = (inspect.getdoc(member) or "").splitlines() if member.__doc__ else []
    return Card(
        family=family,
        name=name,
        summary=doc[0].rstrip(".") if doc else "",
        labels=families._labels(doc[1:]),
        knobs=_knobs(member),
        traits=_traits(member),
        class_name=member.__name__,
    )


def pack() -> bytes:
    """All registered members, for another process; nothing when there are none."""
    return cloudpickle.dumps(families.REGISTERED) if families.REGISTERED else b""


def unpack(packed: bytes) -> None:
    """Make the members of another process this one's own."""
    if packed:
        families.REGISTERED.update(cloudpickle.loads(packed))
        _forget()


def snake_case(name: str) -> str:
    """HiddenCE as hidden_ce."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def _forget() -> None:
    families.names.cache_clear()
    families.card.cache_clear()


def _problems(family: str, member: type, name: str) -> list[str]:
    """Why this class cannot be a member."""
    place = f"{family} '{name}' ({member.__qualname__})"
    if not name.isidentifier():
        return [f"{place}: the name is no word of letters, digits and underscores; give name=."]
    if (family, name) not in families.REGISTERED and name in families.names(family):
        return [f"{place}: a member of this name is there already; give another with name=."]
    root = _root(family)
    if not issubclass(member, root):
        return [f"{place} does not derive from {root.__module__}.{root.__name__}, as {family} do."]
    found = []
    if inspect.isabstract(member):
        missing = sorted(getattr(member, "__abstractmethods__", ()))
        found.append(f"lacks the method {', '.join(missing)}")
    traits = _traits(member)
    for trait, allowed in _promised(root).items():
        if trait not in traits:
            choices = f" = {' | '.join(map(repr, allowed))}" if allowed else ""
            found.append(f"lacks the class attribute {trait}{choices}")
        elif allowed and traits[trait] not in allowed:
            found.append(f"{trait} is {traits[trait]!r}; it is one of {', '.join(allowed)}")
    found += _bad_arguments(member)
    try:
        cloudpickle.dumps(member)
    except Exception as error:  # whatever the class holds on to may refuse in its own way
        found.append(f"cannot be sent to worker processes: {type(error).__name__}: {error}")
    return [f"{place}: {problem}." for problem in found]


def _bad_arguments(member: type) -> list[str]:
    found = []
    for argument in _arguments(member).values():
        if argument.kind is not argument.KEYWORD_ONLY or argument.default is argument.empty:
            found.append(
                f"its argument '{argument.name}' has to be keyword-only with a default (after a *)"
            )
    for knob in _knobs(member).values():
        if issue := knob.domain.problem(knob.default):
            found.append(f"the default of '{knob.name}': {issue}")
    return found


def _root(family: str) -> type:
    """The base class that all members of a family share."""
    shipped = next(n for n in families.names(family) if (family, n) not in families.REGISTERED)
    bases = [
        c for c in families.get(family, shipped).__mro__ if c.__module__.startswith("autodistill.")
    ]
    root: type = bases[-1]
    return root


def _promised(root: type) -> dict[str, tuple[Any, ...]]:
    """Class attributes that every member has to set, with their values where they are listed."""
    found = {}
    for name, hint in typing.get_type_hints(root).items():
        if (
            get_origin(hint) is ClassVar
            and name in root.__annotations__
            and not hasattr(root, name)
        ):
            inner = get_args(hint)[0]
            found[name] = get_args(inner) if get_origin(inner) is Literal else ()
    return found


def _arguments(member: type) -> Mapping[str, inspect.Parameter]:
    """The arguments of the class's own constructor, without self."""
    construct = vars(member).get("__init__")
    return dict(list(inspect.signature(construct).parameters.items())[1:]) if construct else {}


def _knobs(member: type) -> dict[str, Knob]:
    """Those arguments of the constructor that carry a range."""
    arguments = _arguments(member)
    if not arguments:
        return {}
    hints = typing.get_type_hints(vars(member)["__init__"], include_extras=True)
    found = {}
    for name, argument in arguments.items():
        hint: Any = hints.get(name)
        ranges = (
            [r for r in hint.__metadata__ if isinstance(r, Real | Whole | OneOf)]
            if get_origin(hint) is Annotated
            else []
        )
        if ranges and argument.default is not argument.empty:
            found[name] = Knob(name, ranges[0], argument.default)
    return found


def _traits(member: type) -> dict[str, Any]:
    """Plain class attributes, its own and those of bases that are not of this package."""
    found: dict[str, Any] = {}
    for base in reversed(member.__mro__):
        if base.__module__.split(".")[0] not in ("autodistill", "torch", "builtins", "abc"):
            found |= {
                k: v
                for k, v in vars(base).items()
                if isinstance(v, PLAIN) and not k.startswith("_")
            }
    return found
