"""Shortlists, opportunities and the ledger as the API shows them; see docs/formats.md."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.common import Input, Number, Output, Short, Whole

Format = Literal["xlsx", "docx", "csv"]
MEDIA_TYPES: dict[str, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv; charset=utf-8",
}


class _Open(BaseModel):
    """May gain fields in later releases; clients ignore those that they do not know."""

    model_config = ConfigDict(extra="allow")


class Remedy(_Open):
    """What would make the pair eligible; empty where nothing is to be done."""

    vi: str
    en: str


class Check(_Open):
    rule: str
    verdict: str
    citation: str
    vi: str
    en: str
    remedy: Remedy


class Eligibility(_Open):
    verdict: Literal["eligible", "needs check", "blocked"]
    checks: list[Check]


class Evidence(_Open):
    vi: str
    en: str
    source_url: str
    call_id: str | None


class Reason(_Open):
    """``contribution`` is in units of the score."""

    code: str
    vi: str
    en: str
    contribution: float
    evidence: list[Evidence]


class Caution(_Open):
    code: str
    vi: str
    en: str


class _Item(_Open):
    rank: int
    score: float
    probability: float | None
    band: str | None
    eligibility: Eligibility
    reasons: list[Reason]
    cautions: list[Caution]


class InvestorItem(_Item):
    """An investor put forward for a call."""

    investor_id: str
    name: str


class CallItem(_Item):
    """A call put forward."""

    call_id: str
    title: str
    title_en: str
    province: dict[str, str]
    sector: list[str] | str
    capital: dict[str, float | None]
    land_ha: dict[str, float | None]


class _Slate(_Open):
    slate_id: str
    release: str
    cautions: list[Caution]


class Shortlist(_Slate):
    """Investors for a call, best first. It is in the ledger under ``slate_id``."""

    call_id: str
    items: list[InvestorItem]


class Opportunities(_Slate):
    """Open calls for an investor, best first."""

    investor_id: str
    items: list[CallItem]


class Found(_Slate):
    """Open calls that answer a free text, best first."""

    text: str
    items: list[CallItem]


class SearchFilters(Input):
    """Calls outside of these are left out; what is not given does not matter."""

    provinces: list[Short] | None = Field(default=None, max_length=34, examples=[["38"]])
    sectors: list[Short] | None = Field(default=None, max_length=30, examples=[["energy"]])
    capital_min: Number | None = Field(default=None, ge=0, le=1e18, description="VND")
    capital_max: Number | None = Field(default=None, ge=0, le=1e18, description="VND")


class Search(Input):
    """A free text: Vietnamese (also without tone marks), English, Korean, Japanese, Chinese."""

    text: str = Field(
        min_length=1, max_length=2000, pattern=r"^[^\x00]*\S[^\x00]*$",
        examples=["nhà đầu tư bệnh viện tư nhân"],
    )  # fmt: skip
    top: Whole = Field(default=10, ge=1, le=100)
    filters: SearchFilters = SearchFilters()


class SlateHead(Output):
    """A list that was shown: when, for what, by which release, to whom."""

    slate_id: str
    position: int
    shown_at: str
    kind: Literal["shortlist", "opportunities", "offers", "requests"]
    subject: str
    release: str
    inputs_hash: str
    hash: str
    user_id: str | None
    key_id: str | None


class Decision(Output):
    """What a person decided, or what came, of a pair of the list."""

    decision_id: str
    at: str
    call_id: str
    investor_id: str
    stage: str
    reason: str
    lead_id: str | None


class LoggedSlate(SlateHead):
    """A slate as the ledger keeps it, and what came of it."""

    items: list[dict[str, Any]]
    decisions: list[Decision]


class Release(Output):
    """Encoder, index and ranker published together; ``problem`` says why it cannot be used."""

    name: str
    in_use: bool
    made_at: str
    encoder: str
    rows: int
    ranker: str
    ece: float | None = Field(description="Expected calibration error of its probabilities")
    content: str
    problem: str
