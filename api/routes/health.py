"""Whether the service lives, whether it can answer, and its figures."""

from typing import Any, Literal

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from api.deps import ServiceDep
from api.edge.security import authorise
from api.schemas.common import Output, problems
from data.errors import KetnoiError

router = APIRouter(tags=["health"])


class Live(Output):
    """The process answers."""

    status: Literal["live"] = "live"


class Ready(Output):
    """Whether requests can be answered; ``problem`` is the code of what is missing."""

    status: Literal["ready", "not ready"]
    database: bool
    release: str | None
    problem: str | None


_RESPONSES: dict[int | str, dict[str, Any]] = {
    503: {"model": Ready, "description": "Requests cannot be answered now"}
}


@router.get("/health/live", response_model=Live)
async def health_live() -> Live:
    """Whether the process answers; asks nothing of the database."""
    return Live()


@router.get("/health/ready", response_model=Ready, responses=_RESPONSES)
async def health_ready(service: ServiceDep) -> Response:
    """Whether database and release were there at the last look, seconds ago.

    Asks neither now: it answers at once however many requests wait for them.
    """
    state = _ready(service)
    return JSONResponse(state.model_dump(), 200 if state.status == "ready" else 503)


@router.get(
    "/metrics",
    response_class=Response,
    responses=problems()
    | {200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "Figures"}},
    dependencies=[Depends(authorise)],
)
def get_metrics(service: ServiceDep) -> Response:
    """Figures for Prometheus; needs a key of the platform with the scope service:read."""
    return Response(service.metrics.text(), media_type="text/plain; version=0.0.4")


def _ready(service: ServiceDep) -> Ready:
    release, problem = None, None
    try:
        release = service.server.snapshot.engine.release.name
    except KetnoiError as error:
        problem = error.code
    database = service.server.database_answers
    problem = problem if database else "database.open"
    status: Literal["ready", "not ready"] = "not ready" if problem else "ready"
    return Ready(status=status, database=database, release=release, problem=problem)
