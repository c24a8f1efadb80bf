"""Errors over HTTP: problem documents (RFC 9457) with a stable code, in Vietnamese or English.

Domain errors know no HTTP; their codes are given a status here and nowhere else.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from api.edge.problem_words import TITLES, VALIDATION_VI, plain_words
from data.errors import DatabaseError, KetnoiError, NotFound
from data.importers.problems import ImportFailed
from data.importers.vietnamese import in_vietnamese
from data.store import Conflict, StaleVersion
from embeddings.errors import EmbeddingsError
from matcher.events.fields import EventError

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 2

_STATUS_OF_CODE = {
    "engine.no_index": 503,
    "engine.empty": 503,
    "engine.encoder": 503,
    "release.template": 503,
    "draft.stale": 409,  # not the draft, but the rows it touches
    "draft.version": 412,
    "sign_in.wrong": 401,
    "sign_in.locked": 401,
    "sign_in.code_needed": 401,
    "sign_in.code_wrong": 401,
}
_STATUS_OF_KIND: tuple[tuple[type[KetnoiError], int], ...] = (
    (NotFound, 404),
    (StaleVersion, 412),
    (Conflict, 409),
    (DatabaseError, 503),
)
_STATUS_OF_ENDING = {"not_found": 404, "unknown": 404, "closed": 409}


class ProblemError(KetnoiError):
    """A problem that only the web knows: a status beside the code and the two messages."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        message_vi: str,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code, message, message_vi)
        self.status = status
        self.headers = dict(headers or {})


def status_of(error: KetnoiError) -> int:
    """The HTTP status of a domain error: by its code, its class, the code's ending, else 422."""
    if isinstance(error, ProblemError):
        return error.status
    if error.code in _STATUS_OF_CODE:
        return _STATUS_OF_CODE[error.code]
    for kind, status in _STATUS_OF_KIND:
        if isinstance(error, kind):
            return status
    return _STATUS_OF_ENDING.get(error.code.rpartition(".")[2], 422)


def language_of(accepted: str) -> str:
    """ "vi" or "en" by an Accept-Language header; English when neither is asked for.

    >>> language_of("ko, vi;q=0.8, en;q=0.5"), language_of("")
    ('vi', 'en')
    """
    best, best_weight = "en", 0.0
    for part in accepted.lower().split(","):
        name, _, parameters = part.strip().partition(";")
        found = re.search(r"q=([01](?:\.\d{0,3})?)", parameters)
        weight = float(found.group(1)) if found else 1.0
        language = name.strip()[:2]
        if language in {"vi", "en"} and weight > best_weight:
            best, best_weight = language, weight
    return best


def problem_document(
    error: KetnoiError, *, status: int, language: str, request_id: str
) -> dict[str, Any]:
    """The document of RFC 9457: type, title, status, detail, instance, and a stable code."""
    return {
        "type": f"urn:ketnoi:problem:{error.code}",
        "title": TITLES.get(status, TITLES[500])[language],
        "status": status,
        "detail": error.message_vi if language == "vi" else error.message,
        "instance": f"urn:ketnoi:request:{request_id}",
        "code": error.code,
    }


def problem_response(
    request: Request, error: KetnoiError, extra: Mapping[str, Any] | None = None
) -> Response:
    """The answer that tells a person of the error, in the language that the request asks for."""
    status = status_of(error)
    language = language_of(request.headers.get("accept-language", ""))
    document = problem_document(
        error, status=status, language=language, request_id=request_id_of(request)
    )
    headers = {"Content-Language": language, "Vary": "Accept-Language"}
    if status == 503:
        headers["Retry-After"] = str(RETRY_SECONDS)
    headers |= getattr(error, "headers", {})
    return JSONResponse(document | dict(extra or {}), status, headers, media_type=MEDIA_TYPE)


def request_id_of(request: Request) -> str:
    """The id that the log and the answer carry."""
    return str(request.scope.get("state", {}).get("request_id", ""))


def add_handlers(app: FastAPI) -> None:
    """Turn every error that may leave a handler into a problem document."""
    app.add_exception_handler(KetnoiError, _on_domain_error)
    app.add_exception_handler(EmbeddingsError, _on_embeddings_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(PoolTimeout, _on_full)


def _on_domain_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, KetnoiError)  # noqa: S101 -- what it is registered for
    parts = _parts(error, language_of(request.headers.get("accept-language", "")))
    return problem_response(request, error, {"errors": parts} if parts else None)


def _parts(error: KetnoiError, language: str) -> list[dict[str, str]]:
    """Each thing that is wrong with a file or an event, with its place."""
    if isinstance(error, EventError):
        return [
            {"where": each.place, "why": each.message_vi if language == "vi" else each.message}
            for each in error.problems
        ]
    if isinstance(error, ImportFailed):
        return [
            {
                "where": each.where,
                "value": each.value,
                "why": in_vietnamese(each.why) if language == "vi" else each.why,
                "remedy": in_vietnamese(each.remedy) if language == "vi" else each.remedy,
            }
            for each in error.problems
        ]
    return []


def _on_embeddings_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, EmbeddingsError)  # noqa: S101 -- what it is registered for
    plain = ProblemError(
        503,
        "release.unusable",
        "The release in use cannot answer. An administrator finds the cause with: ketnoi doctor.",
        "Bản phát hành đang dùng không trả lời được. Quản trị viên tìm nguyên nhân bằng lệnh: "
        "ketnoi doctor.",
    )
    return problem_response(request, plain)


def _on_full(request: Request, _error: Exception) -> Response:
    busy = DatabaseError(
        "database.busy",
        "Too many requests wait for the database. Try again in a moment.",
        "Quá nhiều yêu cầu đang chờ cơ sở dữ liệu. Hãy thử lại sau giây lát.",
    )
    return problem_response(request, busy)


def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 -- what it is registered for
    language = language_of(request.headers.get("accept-language", ""))
    found = [_invalid(each, language) for each in error.errors()]
    plain = ProblemError(
        422,
        "request.invalid",
        f"The request cannot be used: {_listed(error.errors(), 'en')}",
        f"Yêu cầu không dùng được: {_listed(error.errors(), 'vi')}",
    )
    return problem_response(request, plain, {"errors": found})


def _listed(errors: Sequence[Any], language: str) -> str:
    shown = [f"{_place(each)}: {_why(each, language)}" for each in errors[:3]]
    more = f" (+{len(errors) - 3})" if len(errors) > 3 else ""
    return "; ".join(shown) + more + "."


def _invalid(error: Mapping[str, Any], language: str) -> dict[str, str]:
    return {"where": _place(error), "why": _why(error, language)}


def _place(error: Mapping[str, Any]) -> str:
    return ".".join(str(part) for part in error["loc"])


def _why(error: Mapping[str, Any], language: str) -> str:
    if language == "en":
        return str(error["msg"])
    template = VALIDATION_VI.get(str(error["type"]), "giá trị không hợp lệ")
    return template.format_map(_Blank(error.get("ctx") or {}))


class _Blank(dict[str, Any]):
    def __missing__(self, _key: str) -> str:
        return "…"


def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 -- what it is registered for
    code, message, message_vi = plain_words(error.status_code)
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(_methods(request.app, request.url.path))
    plain = ProblemError(error.status_code, code, message, message_vi, headers=headers)
    return problem_response(request, plain)


def _methods(app: FastAPI, path: str) -> list[str]:
    """All methods that an address takes; the framework names those of its first route alone."""
    found: set[str] = set()
    for template, operations in app.openapi()["paths"].items():
        if compile_path(template)[0].fullmatch(path):
            found |= {method.upper() for method in operations}
    return sorted(found)
