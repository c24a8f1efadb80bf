"""Small made-up markets for tests. Nothing here is real."""

import numpy as np

from data.records import Deal, Interval, Investor, Land, Money, PartialDate, Place, ProjectCall
from matcher.market import Market, Vectors, build_market

THANH_HOA = Place("38", "Thanh Hóa", "", "Thanh Hóa")
NGHE_AN = Place("40", "Nghệ An", "", "Nghệ An")
CA_MAU = Place("96", "Cà Mau", "", "Ca Mau")


def call(call_id: str, title: str, sector: str = "energy", **more: object) -> ProjectCall:
    fields: dict[str, object] = {"sectors": (sector,), "place": THANH_HOA, "status": "open"}
    return ProjectCall(call_id=call_id, title=title, **{**fields, **more})  # type: ignore[arg-type]


def investor(investor_id: str, name: str, **more: object) -> Investor:
    return Investor(investor_id=investor_id, name=name, **more)  # type: ignore[arg-type]


def deal(investor_id: str, call_id: str, date: str, stage: str = "operating") -> Deal:
    source = f"https://example.org/{call_id}"
    return Deal(investor_id, call_id, PartialDate(date), stage, source)


def money(low: float | None, high: float | None, text: str) -> Money:
    return Money(Interval(low, high), text)


def land(low: float | None, high: float | None, text: str) -> Land:
    return Land(Interval(low, high), text)


def small_market() -> Market:
    """Two fields, three investors: v1 builds wind farms, v2 resorts, v3 has only a profile.

    Vectors are made by hand: the first axis is wind, the second resorts.
    """
    wind, resort = [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]
    calls = {
        "c1": (call("c1", "Điện gió Mai Lâm", capital=money(2e12, 2e12, "2.000 tỷ đồng")), wind),
        "c2": (call("c2", "Khu nghỉ dưỡng Hải Tiến", "tourism", place=NGHE_AN), resort),
        "p1": (
            call(
                "p1",
                "Điện gió Hòn Me",
                status="closed",
                capital=money(1e12, 1e12, "1.000 tỷ đồng"),
                land=land(20, 20, "20"),
            ),
            wind,
        ),
        "p2": (call("p2", "Điện gió Nghi Sơn", status="closed"), wind),
        "p3": (call("p3", "Khu nghỉ dưỡng Sầm Sơn", "tourism", status="closed"), resort),
    }
    investors = {
        "v1": (investor("v1", "Gió Biển"), [0.0, 0.0, 0.0]),
        "v2": (investor("v2", "Cát Vàng"), [0.0, 0.0, 0.0]),
        "v3": (
            investor(
                "v3",
                "Gió Mới",
                sectors=("energy",),
                activities=("điện gió",),
                provinces_wanted=(THANH_HOA,),
                source_url="gk",
            ),
            wind,
        ),
    }
    return build_market(
        investors=[row for row, _ in investors.values()],
        calls=[row for row, _ in calls.values()],
        deals=[
            deal("v1", "p1", "2019"),
            deal("v1", "p2", "2021", "MoU"),
            deal("v2", "p3", "2020"),
        ],
        vectors=Vectors(
            calls=np.array([calls[key][1] for key in sorted(calls)], dtype=np.float32),
            profiles=np.array([investors[key][1] for key in sorted(investors)], dtype=np.float32),
        ),
    )
