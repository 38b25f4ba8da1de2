"""The promises of every augmentation."""

import os
import pickle
import random
import subprocess
import sys
from collections import Counter
from itertools import product

import numpy as np

from autodistill.components.augmentations import Augmentation, TextAugmentation
from autodistill.datasets import Rows
from autodistill.datasets._images import named
from autodistill.errors import SpecError
from autodistill.registry.ranges import OneOf
from autodistill.testing._members import COMMON, Check, Member, all_five_labels_are_written, require

COUNT = 40
_WORDS = ("the", "film", "was", "a", "story", "of", "some", "day", "and", "night", "it", "felt")
_DRAW = random.Random(7)
TEXTS = tuple(
    " ".join([*_DRAW.choices(_WORDS, k=_DRAW.randint(6, 12)), f"n{i}"]) for i in range(COUNT)
)
IMAGES = np.random.default_rng(0).integers(0, 256, (COUNT, 8, 8, 3)).astype(np.uint8)
LABELS, ORIGIN = np.arange(COUNT), np.arange(COUNT) + 100
ROWS = Rows(TEXTS, None, LABELS, ORIGIN)
ROWS_OF_IMAGES = Rows(tuple(map(named, IMAGES)), None, LABELS, ORIGIN, IMAGES)


def _reads_images(member: Member) -> bool:
    return bool(getattr(member.cls, "reads", "") == "images")


def _rows(member: Member) -> Rows:
    return ROWS_OF_IMAGES if _reads_images(member) else ROWS


def _view(member: Member, rows: Rows, view: int = 0, seed: int = 0, **values: object) -> Rows:
    augmentation: Augmentation = member.build(**values)
    return augmentation.rows(rows, view, seed)


def _rates(member: Member) -> tuple[float, ...]:
    domain = member.card.knobs["rate"].domain
    return domain.choices if isinstance(domain, OneOf) else (domain.low, domain.high)


def the_views_that_a_study_can_ask_for_can_be_counted(member: Member) -> None:
    """Every knob is one of a few values, `rate` and `views` (1, 2, 3) among them."""
    knobs = member.card.knobs
    open_ended = [k.name for k in knobs.values() if not isinstance(k.domain, OneOf)]
    require(not open_ended, f"the knobs {', '.join(open_ended)} have ranges; write OneOf")
    require({"rate", "views"} <= set(knobs), f"the knobs are {sorted(knobs)}; add rate and views")
    require(knobs["views"].domain == OneOf(1, 2, 3), "views is not OneOf(1, 2, 3)")
    for rate, views in product(_rates(member), (1, 2, 3)):
        built = member.build(rate=rate, views=views)
        require((built.rate, built.views) == (rate, views), "rate or views is not stored")


def a_view_depends_on_number_seed_and_rate_alone(member: Member) -> None:
    """The same every time, and another for another number, seed or rate."""
    rows, low, high = _rows(member), min(_rates(member)), max(_rates(member))
    view = _view(member, rows, rate=low)
    require(view.first == _view(member, rows, rate=low).first, "a view differs the second time")
    others = {
        "number": _view(member, rows, view=1, rate=low),
        "seed": _view(member, rows, seed=1, rate=low),
        "rate": _view(member, rows, rate=high),
    }
    require(view.digest != rows.digest, "a view is the rows themselves")
    same = [k for k, other in others.items() if other.digest == view.digest]
    require(not same, f"a view is the same for another {', '.join(same)}")


def a_view_is_the_same_in_another_process(member: Member) -> None:
    """Python's hashes of texts, which differ by process, have no say."""
    rows = _rows(member)
    code = (
        "import pickle, sys\n"
        f"from {member.cls.__module__} import {member.cls.__name__} as member\n"
        "print(member().rows(pickle.load(sys.stdin.buffer), 0, 0).digest)\n"
    )
    path = os.pathsep.join(filter(None, sys.path))
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": "5", "PYTHONPATH": path},
        input=pickle.dumps(rows),
        capture_output=True,
        check=False,
    )
    require(done.returncode == 0, f"another process cannot make a view: {done.stderr.decode()}")
    there, here = done.stdout.decode().strip(), _view(member, rows).digest
    require(there == here, f"the view is {here} here, {there} in another process")


def a_view_of_a_row_does_not_depend_on_the_other_rows(member: Member) -> None:
    """A part of the rows has the same views in any order."""
    rows, order = _rows(member), np.random.default_rng(0).permutation(COUNT)[:25]
    alone, among = _view(member, rows.take(order)), _view(member, rows).take(order)
    require(alone.first == among.first, "a row's view depends on the rows beside it")


def labels_and_order_stay(member: Member) -> None:
    """Whatever the rate, a row keeps its label and its place in the split."""
    for rate in _rates(member):
        view = _view(member, _rows(member), rate=rate)
        require(np.array_equal(view.labels, LABELS), f"labels change at rate {rate}")
        require(
            view.origin is not None and np.array_equal(view.origin, ORIGIN),
            f"places in the split change at rate {rate}",
        )


def images_keep_their_size_and_are_named_by_what_they_are_now(member: Member) -> None:
    """Bytes of the same shape under new names; the images given are left alone."""
    if not _reads_images(member):
        return
    before = IMAGES.copy()
    view = _view(member, ROWS_OF_IMAGES)
    require(np.array_equal(IMAGES, before), "the images given are written on")
    require(view.images is not None, "the view has no images")
    assert view.images is not None
    require(view.images.shape == IMAGES.shape, f"shape {IMAGES.shape} becomes {view.images.shape}")
    require(view.images.dtype == np.uint8, f"the images are {view.images.dtype}, not uint8")
    require(view.first == tuple(map(named, view.images)), "the names are not those of the content")


def no_word_of_a_text_is_new(member: Member) -> None:
    """Words are moved or left out; a text of one word or none stays."""
    if not issubclass(member.cls, TextAugmentation):
        return
    for rate in _rates(member):
        for new, old in zip(_view(member, ROWS, rate=rate).first, TEXTS):
            added = Counter(new.split()) - Counter(old.split())
            require(not added, f"{old!r} becomes {new!r}: {', '.join(added)} is new")
            require(new.split(), f"{old!r} becomes empty at rate {rate}")
    short = Rows(("word", ""), None, np.arange(2))
    view = _view(member, short, rate=max(_rates(member))).first
    require(view == short.first, f"{short.first} becomes {view}")


def the_two_texts_of_a_pair_are_changed_each_on_its_own(member: Member) -> None:
    """A second text is changed too, otherwise than the first."""
    if _reads_images(member):
        return
    rate = sorted(_rates(member))[len(_rates(member)) // 2]
    view = _view(member, Rows(TEXTS, TEXTS, LABELS), rate=rate)
    require(view.second is not None, "the second text is lost")
    require(view.first == _view(member, ROWS, rate=rate).first, "a pair's first text differs")
    for what, texts in (("first text's view", view.first), ("second text", TEXTS)):
        changed = sum(a != b for a, b in zip(view.second or (), texts))
        require(changed > COUNT / 2, f"only {changed} of {COUNT} differ from the {what}")


def without_its_network_it_says_what_to_set(member: Member) -> None:
    """A network that is missing is a SpecError that names the environment variable."""
    variables: tuple[str, ...] = getattr(member.cls, "variables", ())
    before = {v: os.environ.pop(v) for v in variables if v in os.environ}
    try:
        _view(member, ROWS)
    except SpecError as error:
        require(f"set {variables[0]} to its folder" in str(error), f"the message is: {error}")
    else:
        raise AssertionError(f"without {variables[0]} a view is made all the same")
    finally:
        os.environ.update(before)


_SHARED: tuple[Check, ...] = (*COMMON, all_five_labels_are_written)
AUGMENTATIONS: tuple[Check, ...] = (
    *_SHARED,
    the_views_that_a_study_can_ask_for_can_be_counted,
    a_view_depends_on_number_seed_and_rate_alone,
    a_view_is_the_same_in_another_process,
    a_view_of_a_row_does_not_depend_on_the_other_rows,
    labels_and_order_stay,
    images_keep_their_size_and_are_named_by_what_they_are_now,
    no_word_of_a_text_is_new,
    the_two_texts_of_a_pair_are_changed_each_on_its_own,
)
WITH_A_NETWORK: tuple[Check, ...] = (*_SHARED, without_its_network_it_says_what_to_set)
"""Those that need a network are asked only what they say without one."""
