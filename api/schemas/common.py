"""Shapes that many resources share: texts, ids, pages, problems."""

from datetime import date
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Path
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

T = TypeVar("T")


def _a_day(text: str) -> str:
    """Refuse days that the calendar does not have."""
    date.fromisoformat(text)
    return text


_NO_NUL = r"^[^\x00]*$"  # PostgreSQL keeps no such character
ID_PATTERN = r"^[^\x00-\x1f\x7f/]+$"

Short = Annotated[str, StringConstraints(max_length=300, pattern=_NO_NUL)]
Named = Annotated[
    str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\x00]*\S[^\x00]*$")
]
Long = Annotated[str, StringConstraints(max_length=20_000, pattern=_NO_NUL)]
Day = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    AfterValidator(_a_day),
    Field(json_schema_extra={"format": "date"}),
]
PartialDay = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}(-[0-9]{2}){0,2}$")]
PartyId = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=ID_PATTERN)]
PathId = Annotated[str, Path(min_length=1, max_length=100, pattern=ID_PATTERN)]


def _a_number(value: object) -> object:
    """Refuse what JSON does not call a number, though Python may read it as one."""
    if isinstance(value, (bool, str)):
        raise ValueError("must be a number")
    return value


Number = Annotated[float, BeforeValidator(_a_number)]
Whole = Annotated[int, BeforeValidator(_a_number)]


class Input(BaseModel):
    """What a client sends: a field that the API does not know is an error, not ignored."""

    model_config = ConfigDict(extra="forbid")


class Output(BaseModel):
    """What a client gets."""

    model_config = ConfigDict(from_attributes=True)


class Paged(Output, Generic[T]):
    """A page of a list. ``next_cursor`` is null on the last one."""

    items: list[T]
    next_cursor: str | None = None


class Interval(Output):
    """A range; an end that is not known is null, never zero."""

    min: float | None = None
    max: float | None = None


class Place(Output):
    """A province of the 34 units, and what the source wrote."""

    code: str = Field(examples=["38"])
    name: str = Field(examples=["Thanh Hóa"])
    old_name: str = ""
    as_written: str = ""


class ProblemPart(Output):
    """One thing that is wrong with the request or the file, and where."""

    where: str
    why: str
    value: str | None = None
    remedy: str | None = None


class Problem(BaseModel):
    """An error (RFC 9457). ``code`` is stable; texts are in the language of Accept-Language."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:ketnoi:problem:call.not_found",
                    "title": "Not found",
                    "status": 404,
                    "detail": "There is no call 'C9'. Did you mean C0009 (Cảng Nghi Sơn)?",
                    "instance": "urn:ketnoi:request:0a1b2c",
                    "code": "call.not_found",
                }
            ]
        }
    )

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    errors: list[ProblemPart] | None = None


_DESCRIPTIONS = {
    400: "The cursor or sort is none of this list's, or the body cannot be read",
    401: "No key or session, or one that no longer counts",
    403: "The key's scope or the role does not allow it, or the CSRF header is missing",
    404: "There is no such thing, or it belongs to another organisation",
    409: "In conflict with what is there already",
    412: "Somebody changed it meanwhile: read it again",
    413: "The request or file is too large",
    415: "The body's content type is not supported",
    422: "The request does not fit the description, or its content cannot be used",
    428: "If-Match is missing",
    429: "Too many requests; see Retry-After",
    500: "An error of the service; tell the administrator the request's id",
    503: "The service cannot answer now; see Retry-After",
}
_ALWAYS = (400, 401, 403, 413, 422, 429, 500, 503)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route: the problems it may answer with, beside those all may have."""
    reference = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        status: {
            "description": _DESCRIPTIONS[status],
            "content": {"application/problem+json": reference},
        }
        for status in sorted({*_ALWAYS, *statuses})
    }
