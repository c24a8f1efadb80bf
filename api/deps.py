"""What handlers take: the service, who asks, pages, versions, and creating things once."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Header, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy import Connection
from sqlalchemy import Engine as Database

from api.edge.metrics import Metrics
from api.edge.paging import MOST, USUAL, PageWish
from api.edge.security import Principal, RateLimits, authorise
from api.errors import ProblemError, language_of
from api.lists.serving import Server
from api.lists.slates import json_bytes
from api.settings import Settings
from data import idempotency
from data.session import write

JSON_TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class Service:
    """What one application holds; made in its lifespan."""

    settings: Settings
    database: Database
    server: Server
    metrics: Metrics
    limits: RateLimits


# Those that wait for nothing are `async`: they take no thread from the handlers.
async def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


async def _language(accept_language: Annotated[str, Header(include_in_schema=False)] = "") -> str:
    return language_of(accept_language)


async def _page(
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many at most.")] = USUAL,
    cursor: Annotated[
        str, Query(max_length=2000, description="`next_cursor` of the page before.")
    ] = "",
) -> PageWish:
    return PageWish(limit=limit, cursor=cursor)


async def _if_match(
    if_match: Annotated[
        str | None, Header(max_length=200, description="The ETag that the change is based on.")
    ] = None,
) -> str:
    if if_match is None:
        raise ProblemError(
            428,
            "version.missing",
            "Say which version is changed: send If-Match with the ETag that was read.",
            "Hãy cho biết sửa phiên bản nào: gửi If-Match với ETag đã đọc được.",
        )
    return if_match.removeprefix("W/").strip().strip('"')


ServiceDep = Annotated[Service, Depends(_service)]
PrincipalDep = Annotated[Principal, Depends(authorise)]
LanguageDep = Annotated[str, Depends(_language)]
PageDep = Annotated[PageWish, Depends(_page)]
IfMatchDep = Annotated[str, Depends(_if_match)]


@dataclass(frozen=True, slots=True)
class Created:
    """What a create made: the body, and the headers that go with it."""

    body: BaseModel | Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 201


@dataclass(frozen=True, slots=True)
class Once:
    """Runs a create in one transaction, and not again for a repeated Idempotency-Key.

    The answer is kept in the same transaction as what was made: a client that lost the answer, by a
    crash of either side, asks again and gets it.
    """

    database: Database
    who: str
    operation: str
    key: str

    def __call__(self, asked: object, make: Callable[[Connection], Created]) -> Response:
        """``asked`` is what the key stands for: the same key with something else is refused.

        Raises:
            KetnoiError: ``idempotency.…`` for a key used before with another request.
        """
        with write(self.database) as connection:
            if not self.key:
                return _response(make(connection))
            whose = {"principal": self.who, "key": self.key, "request": self._digest(asked)}
            earlier = idempotency.recall(connection, **whose)
            if earlier is not None:
                again = {**earlier.headers, "Idempotent-Replayed": "true"}
                return Response(earlier.body, earlier.status, again, JSON_TYPE)
            made = make(connection)
            response = _response(made)
            answer = idempotency.Answer(
                made.status, bytes(response.body).decode(), dict(made.headers)
            )
            idempotency.remember(connection, **whose, answer=answer)
            return response

    def _digest(self, asked: object) -> str:
        text = json.dumps(asked, sort_keys=True, default=str).encode()
        return idempotency.request_hash("POST", self.operation, text)


async def _once(
    request: Request,
    service: ServiceDep,
    who: PrincipalDep,
    idempotency_key: Annotated[
        str,
        Header(
            max_length=200,
            pattern=r"^[!-~]*$",
            description="Makes a repeated request safe: the same key gets the same answer.",
        ),
    ] = "",
) -> Once:
    # The address counts as well: the same body may be sent to two things.
    operation = f"{request.scope['route'].name} {request.url.path}"
    return Once(service.database, who.name, operation, idempotency_key)


OnceDep = Annotated[Once, Depends(_once)]


def _response(made: Created) -> Response:
    body = made.body
    content = body.model_dump_json().encode() if isinstance(body, BaseModel) else json_bytes(body)
    return Response(content, made.status, dict(made.headers), JSON_TYPE)
