"""The web application: `create_app(settings)` puts edge, routes and errors together."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute

from api.deps import Service
from api.edge.metrics import Metrics
from api.edge.middleware import Edge
from api.edge.security import RateLimits, authorise
from api.errors import add_handlers
from api.lists.serving import Server
from api.routes import (
    accounts,
    contacts,
    drafts,
    events,
    goods,
    health,
    imports,
    leads,
    ledger,
    matching,
    provider,
    records,
    reference,
    schedules,
    sessions,
    webhooks,
)
from api.schemas.common import Problem, problems
from api.settings import Settings
from data.session import open_engine
from data.store import table_of

PREFIX = "/api/v1"
THREADS = 256
"""Handlers that may be under way: most wait for the turn of ranking, encoder or ledger."""
ROUTERS: Sequence[APIRouter] = (
    records.router,
    reference.router,
    matching.router,
    goods.router,
    events.router,
    schedules.router,
    webhooks.router,
    ledger.router,
    leads.router,
    contacts.router,
    imports.router,
    drafts.router,
    accounts.router,
    sessions.router,
)
_DESCRIPTION = """\
Matches investors with the projects that Vietnamese provinces call investment for.

Sign in with `Authorization: Bearer ktn_…`. Lists come in pages: send `next_cursor` back as
`cursor`. A change needs `If-Match` with the ETag that was read. A create may carry an
`Idempotency-Key`: sent again, it gives the same answer and makes nothing twice. Errors are
`application/problem+json` with a stable `code`; texts are Vietnamese or English by
`Accept-Language`.
"""


def create_app(settings: Settings) -> FastAPI:
    """The application; nothing is opened or loaded before its lifespan begins."""
    metrics = Metrics()
    app = FastAPI(
        title="Ketnoi",
        version="1",
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(settings, metrics),
        generate_unique_id_function=_operation_id,
    )
    add_handlers(app)
    service = settings.service
    app.add_middleware(
        Edge,
        upload_bytes=service.upload_mb * 1_000_000,
        https=service.cookie_secure,
        metrics=metrics,
    )
    app.include_router(health.router)
    for public in (sessions.public, provider.router):
        app.include_router(public, prefix=PREFIX, responses=problems())
    for router in ROUTERS:
        app.include_router(
            router, prefix=PREFIX, responses=problems(), dependencies=[Depends(authorise)]
        )
    _complete_description(app)
    return app


def _lifespan(settings: Settings, metrics: Metrics) -> Callable[[FastAPI], Any]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        service = await to_thread.run_sync(_open, settings, metrics)
        app.state.service = service
        try:
            yield
        finally:  # requests under way are done by now: the server waits for them
            await to_thread.run_sync(_close, service)

    return lifespan


def _open(settings: Settings, metrics: Metrics) -> Service:
    database = open_engine(settings.database_url)
    table_of("project_call")  # loads the tables now rather than in the first request
    server = Server(settings, database, metrics)
    server.start()
    limits = RateLimits(requests=settings.service.rate, sign_ins=settings.service.sign_in_rate)
    return Service(settings, database, server, metrics, limits)


def _close(service: Service) -> None:
    service.server.close()
    service.database.dispose()


def _operation_id(route: APIRoute) -> str:
    return route.name


def _complete_description(app: FastAPI) -> None:
    """Add to the description what the framework cannot know: problems, and what must be sent."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        document = plain()
        shapes = document.setdefault("components", {}).setdefault("schemas", {})
        if "Problem" not in shapes:
            shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            shapes |= shape.pop("$defs", {})
            shapes["Problem"] = shape
            for operations in document["paths"].values():
                for operation in operations.values():
                    _require_if_match(operation)
        return document

    app.openapi = described  # type: ignore[method-assign]


def _require_if_match(operation: dict[str, Any]) -> None:
    """Its absence is a problem of its own (428), so that the framework must not ask for it."""
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == "if-match":
            parameter["required"] = True
            parameter["schema"] = {"type": "string", "maxLength": 200, "examples": ['"1"']}
