"""Addresses of an organisation that are told of its events."""

from fastapi import APIRouter, Response
from sqlalchemy import Connection

from api.deps import Created, OnceDep, PageDep, PrincipalDep, ServiceDep
from api.edge.paging import id_page, id_paged
from api.schemas import events as shapes
from api.schemas.common import Paged, PathId, problems
from data import webhooks
from data.session import read, write

router = APIRouter(prefix="/webhooks", tags=["events"])


@router.post("", response_model=shapes.WebhookMade, status_code=201, responses=problems(409))
def create_webhook(who: PrincipalDep, once: OnceDep, new: shapes.WebhookCreate) -> Response:
    """Add an address; the answer holds the secret that signs its messages."""

    def make(connection: Connection) -> Created:
        made = webhooks.create_webhook(connection, who.organisation_id, new.url, new.topics)
        headers = {"Location": f"/api/v1/webhooks/{made.webhook_id}"}
        return Created(shapes.WebhookMade.model_validate(made), headers)

    return once(new.model_dump(), make)


@router.get("", response_model=Paged[shapes.Webhook])
def list_webhooks(service: ServiceDep, who: PrincipalDep, wish: PageDep) -> Paged[shapes.Webhook]:
    """The organisation's addresses, oldest first, without their secrets."""
    with read(service.database) as connection:
        found = webhooks.webhooks(connection, who.organisation_id, page=id_page(wish))
    items, after = id_paged(found, wish, lambda each: each.webhook_id)
    return Paged(items=[shapes.Webhook.model_validate(each) for each in items], next_cursor=after)


@router.delete("/{webhook_id}", status_code=204, responses=problems(404))
def delete_webhook(service: ServiceDep, who: PrincipalDep, webhook_id: PathId) -> Response:
    """Forget an address; messages still queued for it are dropped."""
    with write(service.database) as connection:
        webhooks.webhook(connection, webhook_id, organisation_id=who.organisation_id)
        webhooks.delete_webhook(connection, webhook_id)
    return Response(status_code=204)
