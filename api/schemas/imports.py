"""Files sent in, the drafts read from them, and what a person says to them."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints

from api.schemas.common import Input, Output

Kind = Literal["calls", "investors", "deals", "programmes", "offers", "requests", "links"]
Status = Literal["queued", "running", "done", "failed", "cancelled"]
Answered = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00]+$")]


class ImportFault(Output):
    """Why a file could not be read."""

    code: str
    detail: str


class Import(Output):
    """A file being read; ``draft_id`` is there once it is done."""

    import_id: str
    status: Status
    kind: str
    file_name: str
    done: int = Field(description="Rows read so far")
    total: int
    draft_id: str | None
    error: ImportFault | None
    created_at: str
    finished_at: str | None


class DraftHead(Output):
    """A file that was read and not yet taken over."""

    draft_id: str
    kind: str
    file: str
    created_at: str
    created_by: str
    status: Literal["draft", "confirmed", "discarded"]
    version: int
    summary: dict[str, int]


class Draft(DraftHead):
    """A draft with its rows, differences, questions and what the file said besides.

    May gain fields in later releases; clients ignore those that they do not know.
    """

    model_config = ConfigDict(extra="allow")

    rows: list[dict[str, Any]]
    questions: list[dict[str, Any]]
    gone: list[dict[str, Any]]


class DraftAnswer(Input):
    """An answer to a question: a candidate or its letter, a value, "ok" or "none"."""

    question: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,5}(\.[1-9][0-9]{0,5})?$")]
    answer: Answered


class DraftConfirm(Input):
    """``withdraw`` closes the calls that an earlier edition had and this one lacks."""

    withdraw: StrictBool = False


class Confirmed(Output):
    """What taking a draft over did."""

    draft_id: str
    new: int
    changed: int
    same: int
    withdrawn: list[str]
    index_job_id: str | None = Field(description="The job that makes the new rows findable")


class Upload(BaseModel):
    """What an upload's digest stands for."""

    kind: str
    province: str
    name: str
    sha256: str
