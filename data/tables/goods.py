"""What is offered and wanted at supply–demand events, and who is known to deliver to whom."""

from sqlalchemy import JSON, CheckConstraint, Column
from sqlmodel import Field, SQLModel


def _json() -> Column[object]:
    return Column(JSON(), nullable=False)


class OfferRow(SQLModel, table=True):
    """A seller's product offer."""

    __tablename__ = "offer"
    __table_args__ = (
        CheckConstraint("offer_id <> ''", name="offer_id_given"),
        CheckConstraint("product <> ''", name="product_given"),
        CheckConstraint(
            "ocop_stars IS NULL OR ocop_stars BETWEEN 1 AND 5", name="ocop_stars_known"
        ),
    )

    offer_id: str = Field(primary_key=True)
    product: str
    product_en: str
    seller: str = Field(index=True)
    category: str
    place_code: str = Field(index=True)
    place_name: str
    place_old_name: str
    place_as_written: str
    description: str
    ocop_stars: int | None
    certificates: list[str] = Field(sa_column=_json())
    volume: str
    season: str
    markets_wanted: str
    languages: list[str] = Field(sa_column=_json())
    source_url: str
    notes: dict[str, str] = Field(sa_column=_json())


class PurchaseRequestRow(SQLModel, table=True):
    """A buyer's purchase request."""

    __tablename__ = "purchase_request"
    __table_args__ = (
        CheckConstraint("request_id <> ''", name="request_id_given"),
        CheckConstraint("product <> ''", name="product_given"),
    )

    request_id: str = Field(primary_key=True)
    product: str
    product_en: str
    buyer: str = Field(index=True)
    buyer_type: str
    category: str
    location: str
    requirements: str
    volume: str
    season: str
    languages: list[str] = Field(sa_column=_json())
    source_url: str
    notes: dict[str, str] = Field(sa_column=_json())


class SupplyLinkRow(SQLModel, table=True):
    """A seller that delivers a product to a buyer; `date` is empty where it is not known."""

    __tablename__ = "supply_link"

    seller: str = Field(primary_key=True)
    buyer: str = Field(primary_key=True)
    product: str = Field(primary_key=True)
    date: str = Field(primary_key=True)
    source_url: str
    notes: dict[str, str] = Field(sa_column=_json())
