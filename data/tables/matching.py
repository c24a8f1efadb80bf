"""What is matched: investors, calls, deals, programmes, imports and the ledger of slates."""

from collections.abc import Sequence

from sqlalchemy import JSON, CheckConstraint, Column, Float, Index
from sqlalchemy.schema import SchemaItem
from sqlmodel import Field, SQLModel


def _json() -> Column[object]:
    return Column(JSON(), nullable=False)


def _amount() -> Column[float]:
    return Column(Float(53), nullable=True)


def _interval_checks(prefix: str) -> list[SchemaItem]:
    low, high = f"{prefix}_low", f"{prefix}_high"
    return [
        CheckConstraint(f"{low} IS NULL OR {low} >= 0", name=f"{low}_not_negative"),
        CheckConstraint(f"{high} IS NULL OR {high} >= 0", name=f"{high}_not_negative"),
        CheckConstraint(
            f"{low} IS NULL OR {high} IS NULL OR {low} <= {high}", name=f"{prefix}_in_order"
        ),
    ]


def _args(*items: SchemaItem | Sequence[SchemaItem]) -> tuple[SchemaItem, ...]:
    flat: list[SchemaItem] = []
    for item in items:
        flat.extend(item if isinstance(item, Sequence) else [item])
    return tuple(flat)


class InvestorRow(SQLModel, table=True):
    """An organisation that may invest."""

    __tablename__ = "investor"
    __table_args__ = _args(
        _interval_checks("capital_vnd"),
        CheckConstraint("investor_id <> ''", name="investor_id_given"),
        CheckConstraint("name <> ''", name="name_given"),
    )

    investor_id: str = Field(primary_key=True)
    name: str
    name_folded: str = Field(index=True)
    country: str
    home_code: str = Field(index=True)
    home_name: str
    home_old_name: str
    home_as_written: str
    description: str
    sectors: list[str] = Field(sa_column=_json())
    sectors_as_written: str
    activities: list[str] = Field(sa_column=_json())
    provinces_wanted: list[dict[str, str]] = Field(sa_column=_json())
    capital_vnd_low: float | None = Field(default=None, sa_column=_amount())
    capital_vnd_high: float | None = Field(default=None, sa_column=_amount())
    capital_text: str
    languages: list[str] = Field(sa_column=_json())
    website: str
    source_url: str
    notes: dict[str, str] = Field(sa_column=_json())


class InvestorAliasRow(SQLModel, table=True):
    """Another name of an investor, in the order the source gives them."""

    __tablename__ = "investor_alias"

    investor_id: str = Field(
        primary_key=True, foreign_key="investor.investor_id", ondelete="CASCADE"
    )
    position: int = Field(primary_key=True)
    alias: str
    alias_folded: str = Field(index=True)


class ProjectCallRow(SQLModel, table=True):
    """A province's published invitation to invest in one project."""

    __tablename__ = "project_call"
    __table_args__ = _args(
        _interval_checks("capital_vnd"),
        _interval_checks("land_ha"),
        CheckConstraint("call_id <> ''", name="call_id_given"),
        CheckConstraint("title <> ''", name="title_given"),
        CheckConstraint("status IN ('open', 'closed')", name="status_known"),
    )

    call_id: str = Field(primary_key=True)
    title: str
    title_en: str
    sectors: list[str] = Field(sa_column=_json())
    sector_as_written: str
    place_code: str = Field(index=True)
    place_name: str
    place_old_name: str
    place_as_written: str
    location: str
    country: str
    description: str
    land_ha_low: float | None = Field(default=None, sa_column=_amount())
    land_ha_high: float | None = Field(default=None, sa_column=_amount())
    land_text: str
    capital_vnd_low: float | None = Field(default=None, sa_column=_amount())
    capital_vnd_high: float | None = Field(default=None, sa_column=_amount())
    capital_text: str
    form: str
    status: str = Field(index=True)
    published_on: str | None
    closes_on: str | None
    source_url: str
    notes: dict[str, str] = Field(sa_column=_json())


class DealRow(SQLModel, table=True):
    """A known investor→project fact; one row for each date and stage."""

    __tablename__ = "deal"
    __table_args__ = (
        CheckConstraint("date <> ''", name="date_given"),
        Index("ix_deal_call_id", "call_id"),
    )

    investor_id: str = Field(primary_key=True, foreign_key="investor.investor_id")
    call_id: str = Field(primary_key=True, foreign_key="project_call.call_id")
    date: str = Field(primary_key=True)
    stage: str = Field(primary_key=True)
    source_url: str
    notes: dict[str, str] = Field(sa_column=_json())


class ProgrammeRow(SQLModel, table=True):
    """A cooperation programme between places."""

    __tablename__ = "programme"

    programme_id: str = Field(primary_key=True)
    name_vi: str
    partners: list[dict[str, str]] = Field(sa_column=_json())
    counterparts: list[dict[str, str]] = Field(sa_column=_json())
    fields_as_written: list[str] = Field(sa_column=_json())
    sectors: list[str] = Field(sa_column=_json())
    period: str
    signed_on: str | None
    source: str
    facts: dict[str, object] = Field(sa_column=_json())


class ActivityCorrectionRow(SQLModel, table=True):
    """What a person said an investor or a call does or does not do."""

    __tablename__ = "activity_correction"
    __table_args__ = (CheckConstraint("kind IN ('call', 'investor')", name="kind_known"),)

    kind: str = Field(primary_key=True)
    party_id: str = Field(primary_key=True)
    activity_id: str = Field(primary_key=True)
    holds: bool
    corrected_at: str  # ISO 8601 with zone


class ImportRunRow(SQLModel, table=True):
    """A file that changed the database: which, when, and how many rows."""

    __tablename__ = "import_run"

    run_id: int | None = Field(default=None, primary_key=True)
    kind: str
    file_name: str
    sha256: str
    imported_at: str  # ISO 8601 with zone
    rows_new: int
    rows_changed: int
    rows_same: int


class ContentVersionRow(SQLModel, table=True):
    """One row: a value that changes whenever an imported row is added or changed."""

    __tablename__ = "content_version"
    __table_args__ = (CheckConstraint("one = 1", name="one_row"),)

    one: int = Field(default=1, primary_key=True)
    value: str


class SlateRow(SQLModel, table=True):
    """A list shown to someone: append-only, each row's hash covers the hash before it."""

    __tablename__ = "slate"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('shortlist', 'opportunities', 'offers', 'requests')", name="kind_known"
        ),
    )

    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    slate_id: str = Field(unique=True)
    shown_at: str
    kind: str
    subject: str = Field(index=True)
    release: str
    inputs_hash: str
    items: list[dict[str, object]] = Field(sa_column=_json())
    previous_hash: str = Field(unique=True)  # no two rows may follow the same one
    hash: str
    hash_version: int = Field(sa_column_kwargs={"server_default": "1"})  # which columns count
    organisation_id: str | None = None  # who asked, with the next two
    user_id: str | None = None
    key_id: str | None = None
