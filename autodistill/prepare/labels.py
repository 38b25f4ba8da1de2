"""Matching of a teacher's outputs to the task's labels."""

from collections.abc import Sequence

from autodistill.errors import TeacherError
from autodistill.runtime.text import write_names

ENCODER_ALONE = (
    "To have it tuned here to the task's labels, save its encoder alone, with "
    "network.base_model.save_pretrained and its tokenizer, and give that folder."
)


def match(
    teacher: Sequence[str], task: Sequence[str], name: str, given: Sequence[str] = ()
) -> tuple[int, ...]:
    """For each task label, the index of the teacher's output with that name.

    `given`: names of the outputs that a person wrote, in place of their own. Outputs without names
    of their own (LABEL_0, LABEL_1, ...) are taken in order. One output for two labels is the
    probability of the label of its name, else of the second one; it counts as two outputs. Raises
    TeacherError.
    """
    names = _as_two(teacher, task) if len(teacher) == 1 and len(task) == 2 else tuple(teacher)
    if len(names) != len(task):
        raise TeacherError(_another_number(teacher, task, name))
    given = _rejoined(given, task)
    if given and len(given) != len(task):
        raise TeacherError(
            f"--teacher-labels names {len(given)} outputs ({_some(given)}), the teacher '{name}' "
            f"has {len(names)}, and the task as many labels ({_some(task)}). Give their names in "
            f"order; one that holds a comma in quotes, for example\n{proposal(task)}"
        )
    return _by_name(given or names, task, name, given=bool(given))


def _by_name(
    teacher: Sequence[str], task: Sequence[str], name: str, *, given: bool
) -> tuple[int, ...]:
    plain, wanted = [_plain(t) for t in teacher], [_plain(t) for t in task]
    # -1 and 1, C and C++: only the exact names tell them apart
    if len(set(wanted)) < len(wanted) or len(set(plain)) < len(plain):
        plain, wanted = list(teacher), list(task)
    if all(t == f"label{i}" or t == str(i) for i, t in enumerate(map(_plain, teacher))):
        return tuple(range(len(task)))
    whose = (
        f"the names given with --teacher-labels ({_some(teacher)})"
        if given
        else f"the labels of the teacher '{name}' ({_some(teacher)})"
    )
    if twice := sorted({t for t in plain if plain.count(t) > 1}):
        raise TeacherError(
            f"{whose} are not one for each output: {_some(twice)} stands there twice. Give the "
            "task's label names in the order of the teacher's outputs, for example"
            f"\n{proposal(task)}"
        )
    if sorted(plain) != sorted(wanted):
        only = [t for t, p in zip(teacher, plain) if p not in wanted]
        how = "Give" if given else f"{ENCODER_ALONE} Where only the names differ, give"
        raise TeacherError(
            f"{whose} are not the task's ({_some(task)}): no match for {_some(only)}. {how} the "
            "task's label names in the order of the teacher's outputs, for example"
            f"\n{proposal(task)}"
        )
    return tuple(plain.index(w) for w in wanted)


def proposal(names: Sequence[str]) -> str:
    """The line of a message that can be copied to a shell: these names for the outputs."""
    return f"    --teacher-labels {write_names(names)}"


def reading_of_one(order: Sequence[int], task: Sequence[str]) -> str:
    """How a single output is read, for people."""
    likely, other = (task[order.index(1)], task[order.index(0)])
    return (
        f"the teacher has one output: its sigmoid is read as the probability of '{likely}'; "
        f"the other way round with --teacher-labels {write_names((likely, other))}"
    )


def _as_two(teacher: Sequence[str], task: Sequence[str]) -> tuple[str, str]:
    """The names of the two outputs that one output counts as."""
    named = [t for t in task if _plain(t) == _plain(teacher[0])]
    if len(named) != 1 or _plain(teacher[0]) in ("label0", "0"):
        return task[0], task[1]
    return next(t for t in task if t != named[0]), named[0]


def _rejoined(given: Sequence[str], task: Sequence[str]) -> tuple[str, ...]:
    """The names as they were meant where some hold commas and nobody quoted them."""
    wanted, found, begin = {_plain(t): t for t in task}, [], 0
    while len(given) > len(task) and begin < len(given):
        ends = range(begin + 1, len(given) + 1)
        end = next((e for e in ends if _plain("".join(given[begin:e])) in wanted), 0)
        if not end:
            break
        found.append(wanted.pop(_plain("".join(given[begin:end]))))
        begin = end
    return tuple(given) if wanted or begin < len(given) else tuple(found)


def _another_number(teacher: Sequence[str], task: Sequence[str], name: str) -> str:
    one = (
        " One output says how likely one of two labels is, or it is a number and not a class; "
        "write probabilities for all labels into a file of soft labels instead."
        if len(teacher) == 1
        else ""
    )
    return (
        f"the teacher '{name}' has {len(teacher)} output{'s' if len(teacher) > 1 else ''} "
        f"({_some(teacher)}), the task has {len(task)} labels ({_some(task)}). "
        f"Use a teacher that was fine-tuned for this task.{one or f' {ENCODER_ALONE}'}"
    )


def _plain(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(f'"{n}"' if "," in n else n for n in names[:8])
    return shown + (f", ... {len(names)} in all" if len(names) > 8 else "")
