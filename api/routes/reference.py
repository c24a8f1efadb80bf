"""Reference data that ships with the code: sectors, provinces, parks."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.schemas import records as shapes
from api.schemas.common import Paged
from data.reference.csvtable import table
from data.reference.provinces import provinces
from data.reference.sectors import sectors

router = APIRouter(tags=["reference"])


@router.get("/sectors", response_model=Paged[shapes.Sector])
def list_sectors() -> Paged[shapes.Sector]:
    """The taxonomy of sectors."""
    return Paged(items=[shapes.Sector.model_validate(each) for each in sectors().values()])


@router.get("/provinces", response_model=Paged[shapes.Province])
def list_provinces() -> Paged[shapes.Province]:
    """The 34 provinces and cities in force since July 2025."""
    return Paged(items=[shapes.Province.model_validate(each) for each in provinces().values()])


@router.get("/parks", response_model=Paged[shapes.Park])
def list_parks(
    province: Annotated[str | None, Query(max_length=100, description="As published.")] = None,
) -> Paged[shapes.Park]:
    """Industrial parks and economic zones."""
    rows = [row for row in table("industrial_parks.csv") if province in (None, row["province"])]
    return Paged(
        items=[
            shapes.Park(
                name=row["name"],
                province=row["province"],
                kind=row["kind"],
                area_ha=float(row["area_ha"]) if row["area_ha"] else None,
                source_url=row["source_url"],
            )
            for row in rows
        ]
    )
