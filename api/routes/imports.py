"""Files sent in: a job reads them into a draft, a person looks, answers and confirms."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Annotated

from fastapi import APIRouter, File, Form, Query, Response, UploadFile
from sqlalchemy import Connection

from api.deps import Created, LanguageDep, OnceDep, PageDep, PrincipalDep, ServiceDep
from api.edge import listings
from api.edge.paging import page
from api.errors import ProblemError
from api.schemas import imports as shapes
from api.schemas.common import Paged, PathId, problems
from data import jobs
from data.errors import NotFound
from data.jobs import Job, NewJob
from data.session import read

router = APIRouter(tags=["imports"])

KIND = "import"
FILE = "file"
_ODD = re.compile(r"[\x00-\x1f\x7f/\\]")


@router.post("/imports", response_model=shapes.Import, status_code=202, responses=problems(409))
def create_import(
    service: ServiceDep,
    who: PrincipalDep,
    once: OnceDep,
    language: LanguageDep,
    kind: Annotated[shapes.Kind, Form(description="What the file holds.")],
    file: Annotated[UploadFile, File(description=".xlsx .xls .csv .tsv .docx .pdf .json")],
    province: Annotated[
        str, Form(max_length=100, description="Province of calls whose own cell is empty.")
    ] = "",
) -> Response:
    """Send a file in. A job reads it into a draft; nothing of it is taken over yet."""
    content = file.file.read()
    if len(content) > service.settings.service.upload_mb * 1_000_000:
        raise ProblemError(
            413,
            "request.too_large",
            f"The file has {len(content)} bytes. Send a smaller one.",
            f"Tệp có {len(content)} byte. Hãy gửi tệp nhỏ hơn.",
        )
    name = _safe_name(file.filename or "")
    payload = {"kind": kind, "province": province, "file_name": name}

    def make(connection: Connection) -> Created:
        new = NewJob(KIND, payload, who.organisation_id, who.actor)
        made = jobs.enqueue(connection, new, {FILE: content})
        headers = {"Location": f"/api/v1/imports/{made.job_id}"}
        return Created(_import(made, language), headers, 202)

    return once({**payload, "sha256": hashlib.sha256(content).hexdigest()}, make)


@router.get("/imports", response_model=Paged[shapes.Import])
def list_imports(
    service: ServiceDep,
    who: PrincipalDep,
    wish: PageDep,
    language: LanguageDep,
    status: Annotated[shapes.Status | None, Query()] = None,
) -> Paged[shapes.Import]:
    """Files that the organisation sent in, oldest first, by page."""
    listing = listings.jobs()
    where = listings.equal(listing, kind=KIND, organisation_id=who.organisation_id, status=status)
    with read(service.database) as connection:
        found = page(connection, listing, wish, where)
        made = [jobs.job(connection, row["job_id"]) for row in found.rows]
    items = [_import(each, language) for each in made]
    return Paged(items=items, next_cursor=found.next_cursor or None)


@router.get("/imports/{import_id}", response_model=shapes.Import, responses=problems(404))
def get_import(
    service: ServiceDep, who: PrincipalDep, language: LanguageDep, import_id: PathId
) -> shapes.Import:
    """How far the reading of a file is, and the draft it became."""
    with read(service.database) as connection:
        found = jobs.job(connection, import_id, organisation_id=who.organisation_id)
    if found.kind != KIND:
        raise NotFound(
            "job.not_found",
            f"There is no import {import_id!r}. Check the id.",
            f"Không có lần nhập {import_id!r}. Hãy kiểm tra lại mã.",
        )
    return _import(found, language)


def _import(job: Job, language: str) -> shapes.Import:
    payload: Mapping[str, object] = job.payload
    detail = job.error_vi if language == "vi" else job.error_en
    fault = shapes.ImportFault(code=job.error_code, detail=detail) if job.error_code else None
    draft_id = (job.result or {}).get("draft_id")
    return shapes.Import(
        import_id=job.job_id,
        status=job.status,
        kind=str(payload["kind"]),
        file_name=str(payload["file_name"]),
        done=job.progress_done,
        total=job.progress_total,
        draft_id=str(draft_id) if draft_id else None,
        error=fault,
        created_at=job.created_at,
        finished_at=job.finished_at,
    )


def _safe_name(name: str) -> str:
    """The file's name without folders and control characters; its ending tells the format."""
    bare = _ODD.sub("", PurePath(name.replace("\\", "/")).name).strip()
    stem, ending = PurePath(bare).stem, PurePath(bare).suffix
    return f"{stem[:150]}{ending[:20]}" or "file"
