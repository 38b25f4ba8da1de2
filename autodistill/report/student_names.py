"""Short names of students that stand beside each other."""

from collections import defaultdict
from collections.abc import Iterable

from autodistill.study.pipeline import Part


def student_names(students: Iterable[Part]) -> dict[str, str]:
    """Short names of students, by their whole text: the kind, and what sets it apart from others.

    Only the knobs are named in which students of one kind differ.
    """
    kinds: dict[str, list[Part]] = defaultdict(list)
    for student in students:
        kinds[student.name].append(student)
    found = {}
    for name, own in kinds.items():
        knobs = dict.fromkeys(knob for student in own for knob in student.knobs)
        telling = [k for k in knobs if len({str(s.knobs.get(k)) for s in own}) > 1]
        for student in own:
            part = Part(name, {k: student.knobs[k] for k in telling if k in student.knobs})
            found[str(student)] = str(part)
    return found
