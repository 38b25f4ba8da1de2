"""Questions to a served student: JSON in, checked inputs out, and their answers."""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.config import JsonDict

from autodistill.datasets import Rows
from autodistill.datasets._header import distinct
from autodistill.deploy.answers import answer_columns, answer_names
from autodistill.deploy.inputs import images_of, text_rows
from autodistill.deploy.serve_passes import Answers, Question
from autodistill.deploy.student import Student
from autodistill.deploy.writers import plain
from autodistill.errors import SpecError

MOST_TEXTS, MOST_IMAGES = 1000, 32
"""Inputs of a request."""
MOST_PIXELS = 16_000_000
"""Pixels of an image: a small file may be a large image."""
SPECIAL_TOKENS = 3
"""Tokens that are added to a pair of texts."""
TEXT: JsonDict = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}


class NoJsonError(SpecError):
    """A body that is no JSON."""


class Texts(BaseModel):
    """Texts, or pairs of texts as lists of two."""

    model_config = ConfigDict(extra="forbid")
    texts: list[Any] = Field(default=[], json_schema_extra={"items": TEXT})
    text: Any = Field(default=None, json_schema_extra=TEXT)
    """One alone."""


class Images(BaseModel):
    """Image files (PNG, JPEG) in base64."""

    model_config = ConfigDict(extra="forbid")
    images: list[str] = []
    image: str | None = None
    """One alone."""


class Desk:
    """A student that answers questions in JSON."""

    def __init__(self, student: Student) -> None:
        self.student = student
        self.pairs = student.reads_pairs  # from a file: once, not for each request
        self.names = distinct(answer_names(student.labels))[0]
        self.kind: type[Texts | Images] = Images if student.of_images else Texts
        self.most = MOST_IMAGES if student.of_images else MOST_TEXTS

    @property
    def reads(self) -> str:
        """The kind of inputs, for programs."""
        if self.student.of_images:
            return "images"
        return {True: "pairs", False: "texts", None: "texts or pairs"}[self.pairs]

    def described(self) -> dict[str, Any]:
        """The question and its answer in terms of OpenAPI."""
        label, *shares = self.names
        kinds = {label: {"type": "string", "enum": list(self.student.labels)}}
        numbers = {name: {"type": "number"} for name in shares}
        answer = {"type": "object", "properties": kinds | numbers}
        found = {"predictions": {"type": "array", "items": answer}}
        asked = {"required": True, "content": _json(self.kind.model_json_schema())}
        given = _json({"type": "object", "properties": found})
        return {
            "requestBody": asked,
            "responses": {"200": {"description": "One answer for each input.", "content": given}},
        }

    def read(self, body: bytes) -> Question:
        """The inputs of a question; raises ValidationError, SpecError or DataError."""
        question = self.kind.model_validate(_parsed(body))
        one, many = (("image", "images"), ("text", "texts"))[self.kind is Texts]
        if len(question.model_fields_set) != 1:
            raise SpecError(f"give either '{many}', a list, or '{one}', a single one.")
        single = one in question.model_fields_set
        inputs: list[Any] = [getattr(question, one)] if single else getattr(question, many)
        if len(inputs) > self.most:
            raise SpecError(
                f"{len(inputs):,} {many} are too many for one request, which may have "
                f"{self.most:,}; send them in parts. `autodistill predict` reads files of any size."
            )
        return self._images(inputs) if self.student.of_images else self._texts(inputs)

    def _texts(self, inputs: Sequence[Any]) -> Question:
        if not inputs:
            return Question((), 1)
        rows = text_rows(inputs, 0, pairs=self.pairs)
        pairs = rows.second is not None
        given = list(zip(rows.first, rows.second)) if rows.second else list(rows.first)
        second = rows.second or ("",) * len(rows)
        longest = max(_bytes(a) + _bytes(b) for a, b in zip(rows.first, second))
        return Question(given, min(longest + SPECIAL_TOKENS, self.student.longest), pairs)

    def _images(self, inputs: Sequence[str | None]) -> Question:
        found = list[Any]()
        for place, text in enumerate(inputs):
            try:
                data = base64.b64decode((text or "").rpartition(",")[2], validate=True)
            except (binascii.Error, ValueError):
                raise SpecError(f"input {place} is no base64; give a PNG or JPEG in it.") from None
            found.append({"bytes": data})
        images = images_of(found, "images", range(len(found)))[0] if found else ()
        pixels = max((image.shape[0] * image.shape[1] for image in images), default=0)
        return Question(images, max(1, pixels // 64))

    def answer(self, inputs: Sequence[Any], size: int) -> Answers:
        """A label and probabilities for each input; `size` of them pass the network at once."""
        student = self.student
        if student.of_images:
            logits = student.image_logits(inputs, size)
        else:
            rows: Rows = text_rows(inputs, 0, pairs=not isinstance(inputs[0], str))
            logits = student.text_logits(rows, size)
        columns = answer_columns(student, logits, proba=True)
        return [dict(zip(self.names, map(plain, row))) for row in zip(*columns)]


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _bytes(text: str) -> int:
    """Bytes of a text: a token has one at least."""
    return len(text) if text.isascii() else len(text.encode("utf-8"))


def _parsed(body: bytes) -> dict[str, Any]:
    """The object in a body; raises SpecError."""
    try:
        found = json.loads(body)
    except RecursionError:
        raise NoJsonError("the body is no JSON: it is nested too deeply.") from None
    except ValueError as error:
        raise NoJsonError(f"the body is no JSON: {error}.") from None
    if not isinstance(found, dict):
        raise SpecError('give an object, such as {"texts": ["a text"]}.')
    return found


def fault_of(error: Exception) -> tuple[int, str]:
    """Status and message of a question that cannot be read."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_context=False)[0]
        said = first["msg"][0].lower() + first["msg"][1:]
        return 422, f"'{'.'.join(map(str, first['loc']))}': {said}."
    return 400 if isinstance(error, NoJsonError) else 422, str(error)
