"""The edge of the service: request ids, size limits, security headers, the log line, figures."""

import json
import re
import time
import uuid
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.edge.logs import ACCESS, SERVICE
from api.edge.metrics import Metrics
from api.edge.problem_words import plain_words
from api.errors import MEDIA_TYPE, ProblemError, language_of, problem_document

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
JSON_LIMIT = 1_000_000  # bytes of a request that sends no file
ENVELOPE = 100_000  # bytes that a form adds to the file in it
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Set where the answer sets none itself."""


class Edge:
    """Wraps the whole application, so that every answer carries what the edge promises."""

    def __init__(self, app: ASGIApp, *, upload_bytes: int, https: bool, metrics: Metrics) -> None:
        self.app = app
        self.upload_bytes = upload_bytes
        self.metrics = metrics
        strict = {"Strict-Transport-Security": "max-age=31536000"} if https else {}
        self.headers: Mapping[str, str] = SECURITY_HEADERS | strict

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state: dict[str, Any] = scope.setdefault("state", {})
        asked = Headers(scope=scope).get("x-request-id", "")
        state["request_id"] = asked if _ID.fullmatch(asked) else uuid.uuid4().hex
        answer = _Answer(scope, send, self.headers)
        started = time.perf_counter()
        self.metrics.running.inc()
        try:
            limit = self._limit(scope)
            if int(_length(scope)) > limit:
                await answer.problem(413, *plain_words(413))
            else:
                await self.app(scope, _counted(receive, limit), answer)
        except Exception:
            SERVICE.exception("unexpected error", extra={"facts": _facts(scope)})
            if answer.status:
                raise  # half an answer is on its way: only breaking it off tells the client
            await answer.problem(500, "internal", _SORRY, _SORRY_VI)
        finally:
            self.metrics.running.dec()
            self._note(scope, answer.status, time.perf_counter() - started)

    def _limit(self, scope: Scope) -> int:
        kind = Headers(scope=scope).get("content-type", "")
        upload = kind.startswith("multipart/form-data")
        return self.upload_bytes + ENVELOPE if upload else JSON_LIMIT

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        operation = getattr(scope.get("route"), "name", None) or "none"
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        self.metrics.answered(method=method, operation=operation, status=status, seconds=seconds)
        facts = _facts(scope) | {"status": status, "ms": round(seconds * 1000, 1)}
        ACCESS.info("%s %s %s", method, operation, status, extra={"facts": facts})


class _Answer:
    """Sends an answer on, adding the headers that every answer has."""

    def __init__(self, scope: Scope, send: Send, headers: Mapping[str, str]) -> None:
        self.scope, self.send, self.headers = scope, send, headers
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            state = self.scope["state"]
            for name, value in {**self.headers, **state.get("headers", {})}.items():
                headers.setdefault(name, value)
            headers["X-Request-Id"] = state["request_id"]
        await self.send(message)

    async def problem(self, status: int, code: str, message: str, message_vi: str) -> None:
        """Answer with a problem where no handler can any more."""
        error = ProblemError(status, code, message, message_vi)
        language = language_of(Headers(scope=self.scope).get("accept-language", ""))
        request_id = self.scope["state"]["request_id"]
        document = problem_document(error, status=status, language=language, request_id=request_id)
        body = json.dumps(document, ensure_ascii=False).encode()
        headers = {
            "content-type": MEDIA_TYPE,
            "content-language": language,
            "content-length": str(len(body)),
            "connection": "close",  # the rest of the request is not read
        }
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await self({"type": "http.response.start", "status": status, "headers": raw})
        await self({"type": "http.response.body", "body": body})


def _counted(receive: Receive, limit: int) -> Receive:
    """Receive up to ``limit`` bytes: a request may lie about its length, or not tell it."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise HTTPException(413)
        return message

    return counted


def _length(scope: Scope) -> str:
    told = Headers(scope=scope).get("content-length", "0")
    return told if told.isascii() and told.isdigit() else "0"


def _facts(scope: Scope) -> dict[str, Any]:
    """What a log line tells of a request: neither address nor query, which may name people."""
    state = scope["state"]
    who = state.get("principal")
    return {
        "request_id": state["request_id"],
        "organisation": getattr(who, "organisation_id", None),
        "user": getattr(who, "user_id", None),
        "key": getattr(who, "key_id", None),
    }


_SORRY = (
    "Something went wrong in the service. Nothing of this request was kept half-way; tell the "
    "administrator the request's id."
)
_SORRY_VI = (
    "Có lỗi trong hệ thống. Không có phần nào của yêu cầu bị lưu dở dang; hãy báo mã yêu cầu cho "
    "quản trị viên."
)
