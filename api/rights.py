"""Who may do what: one line for each operation of the API, read by the one dependency that asks.

A route whose operation id is not here answers nobody, and a test fails. To add a route, give it an
``operation_id`` and a line here, and take `api.deps.PrincipalDep` to learn for whom it runs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Tenant(StrEnum):
    """Which rows an operation may touch."""

    PUBLIC = "public"  # no sign-in at all
    ANYONE = "anyone"  # the same for all who are signed in
    CALLS = "calls"  # a business: open calls alone
    PROFILE = "profile"  # a business: its own profile and deals alone
    ORGANISATION = "organisation"  # rows of the asker's organisation
    SELF = "self"  # rows of the person or key that asks
    PLATFORM = "platform"  # for the organisation that runs the service


_ALL_ROLES = frozenset({"administrator", "staff", "organiser", "business", "reader"})
_ALL_KINDS = frozenset({"platform", "centre", "organiser", "business"})
_WORKERS = frozenset({"administrator", "staff", "organiser"})
_READERS = _WORKERS | {"reader"}
_STAFF = frozenset({"administrator", "staff"})
_ADMIN = frozenset({"administrator"})
_HOSTS = _ALL_KINDS - {"business"}


@dataclass(frozen=True, slots=True)
class Right:
    """What a caller must have. ``scope`` counts for keys; "" means persons alone."""

    scope: str
    tenant: Tenant
    roles: frozenset[str] = _ALL_ROLES
    kinds: frozenset[str] = _ALL_KINDS  # of organisations


_PUBLIC = Right("", Tenant.PUBLIC)
_REFERENCE = Right("records:read", Tenant.ANYONE)
_MATCH = Right("match:read", Tenant.PROFILE)
_LEADS = Right("leads:read", Tenant.ORGANISATION, _READERS, _HOSTS)
_LEADS_WRITE = Right("leads:write", Tenant.ORGANISATION, _WORKERS, _HOSTS)
_CONTACTS = Right("contacts:read", Tenant.ORGANISATION, _STAFF, _HOSTS)
_CONTACTS_WRITE = Right("contacts:write", Tenant.ORGANISATION, _STAFF, _HOSTS)
_EVENTS = Right("events:read", Tenant.ORGANISATION, _READERS, _HOSTS)
_EVENTS_WRITE = Right("events:write", Tenant.ORGANISATION, _WORKERS, _HOSTS)
_GOODS = Right("match:read", Tenant.ANYONE, _READERS, _HOSTS)
_IMPORTS = Right("imports:read", Tenant.ORGANISATION, _STAFF, _HOSTS)
_IMPORTS_WRITE = Right("imports:write", Tenant.ORGANISATION, _STAFF, _HOSTS)
_ACCOUNTS = Right("accounts:read", Tenant.ORGANISATION, _ADMIN)
_ACCOUNTS_WRITE = Right("accounts:write", Tenant.ORGANISATION, _ADMIN)
_PLATFORM = Right("accounts:write", Tenant.PLATFORM, _ADMIN, frozenset({"platform"}))
_SERVICE = Right("service:read", Tenant.ANYONE, _ADMIN, frozenset({"platform"}))

RIGHTS: Mapping[str, Right] = {
    # health, sign-in
    "health_live": _PUBLIC,
    "health_ready": _PUBLIC,
    "get_metrics": _SERVICE,
    "sign_in": _PUBLIC,
    "start_provider_sign_in": _PUBLIC,
    "finish_provider_sign_in": _PUBLIC,
    "get_me": Right("records:read", Tenant.SELF),
    "sign_out": Right("", Tenant.SELF),
    "change_password": Right("", Tenant.SELF),
    "start_totp": Right("", Tenant.SELF),
    "confirm_totp": Right("", Tenant.SELF),
    # records and reference
    "list_calls": Right("records:read", Tenant.CALLS),
    "get_call": Right("records:read", Tenant.CALLS),
    "change_call": Right("records:write", Tenant.ORGANISATION, _STAFF, _HOSTS),
    "list_investors": Right("records:read", Tenant.PROFILE),
    "get_investor": Right("records:read", Tenant.PROFILE),
    "list_deals": Right("records:read", Tenant.PROFILE),
    "list_sectors": _REFERENCE,
    "list_provinces": _REFERENCE,
    "list_parks": _REFERENCE,
    "list_programmes": _REFERENCE,
    "get_programme": _REFERENCE,
    # matching
    "get_shortlist": Right("match:read", Tenant.ANYONE, _READERS, _HOSTS),
    "export_shortlist": Right("match:read", Tenant.ANYONE, _READERS, _HOSTS),
    "get_opportunities": _MATCH,
    "export_opportunities": _MATCH,
    "search_calls": Right("match:read", Tenant.CALLS),
    "list_slates": Right("match:read", Tenant.ORGANISATION),
    "get_slate": Right("match:read", Tenant.ORGANISATION),
    "list_releases": Right("match:read", Tenant.ANYONE, _READERS, _HOSTS),
    # goods and events
    "get_request_offers": _GOODS,
    "get_offer_requests": _GOODS,
    "search_offers": _GOODS,
    "list_events": _EVENTS,
    "get_event": _EVENTS,
    "list_participants": _EVENTS,
    "get_participant": _EVENTS,
    "list_wishes": _EVENTS,
    "list_suggestions": _EVENTS,
    "get_solve": _EVENTS,
    "list_versions": _EVENTS,
    "get_version": _EVENTS,
    "export_version": _EVENTS,
    "list_meetings": _EVENTS,
    "list_webhooks": _EVENTS,
    "create_event": _EVENTS_WRITE,
    "change_event": _EVENTS_WRITE,
    "register_participant": _EVENTS_WRITE,
    "change_participant": _EVENTS_WRITE,
    "withdraw_participant": _EVENTS_WRITE,
    "put_wish": _EVENTS_WRITE,
    "create_suggestions": _EVENTS_WRITE,
    "answer_suggestion": _EVENTS_WRITE,
    "create_solve": _EVENTS_WRITE,
    "cancel_solve": _EVENTS_WRITE,
    "publish_version": _EVENTS_WRITE,
    "check_in": _EVENTS_WRITE,
    "put_outcome": _EVENTS_WRITE,
    "create_webhook": _EVENTS_WRITE,
    "delete_webhook": _EVENTS_WRITE,
    # the pipeline
    "list_leads": _LEADS,
    "get_lead": _LEADS,
    "list_lead_events": _LEADS,
    "create_lead": _LEADS_WRITE,
    "change_lead": _LEADS_WRITE,
    # personal data
    "list_contacts": _CONTACTS,
    "get_contact": _CONTACTS,
    "list_contact_accesses": _CONTACTS,
    "create_contact": _CONTACTS_WRITE,
    "change_contact": _CONTACTS_WRITE,
    "erase_contact": _CONTACTS_WRITE,
    "export_person": _CONTACTS_WRITE,
    "erase_person": _CONTACTS_WRITE,
    # imports
    "list_imports": _IMPORTS,
    "get_import": _IMPORTS,
    "create_import": _IMPORTS_WRITE,
    "list_drafts": _IMPORTS,
    "get_draft": _IMPORTS,
    "answer_draft": _IMPORTS_WRITE,
    "confirm_draft": _IMPORTS_WRITE,
    "discard_draft": _IMPORTS_WRITE,
    # accounts
    "list_organisations": Right("accounts:read", Tenant.ORGANISATION, _ADMIN),
    "get_organisation": Right("accounts:read", Tenant.ORGANISATION, _ADMIN),
    "create_organisation": _PLATFORM,
    "change_organisation": _PLATFORM,
    "list_users": _ACCOUNTS,
    "get_user": _ACCOUNTS,
    "create_user": _ACCOUNTS_WRITE,
    "change_user": _ACCOUNTS_WRITE,
    "disable_user": _ACCOUNTS_WRITE,
    "list_keys": _ACCOUNTS,
    "create_key": _ACCOUNTS_WRITE,
    "revoke_key": _ACCOUNTS_WRITE,
}

SCOPES: tuple[str, ...] = tuple(sorted({each.scope for each in RIGHTS.values() if each.scope}))
"""What a key may be made for; "*" is all that its role may do."""
