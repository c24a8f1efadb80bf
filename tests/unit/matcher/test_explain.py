"""Reasons claim no more than their evidence holds, and cite where it is from."""

import numpy as np
import pytest

from data.records import Deal, Investor, Land, PartialDate, Place, Programme, ProjectCall
from matcher.explain import Explainer
from matcher.market import build_market
from matcher.types import Reason
from tests.support.markets import CA_MAU, NGHE_AN, THANH_HOA, call, deal, investor, land, money

FEATURE = {
    "sector_history": "sector_history",
    "place_history": "province_history",
    "track_record": "breadth",
    "capital_fit": "capital_fit",
    "land_fit": "land_fit",
}
PROFILE = "https://example.org/profile"


def explain(
    feature: str,
    *,
    target: ProjectCall | None = None,
    party: Investor | None = None,
    past: tuple[ProjectCall, ...] = (),
    deals: tuple[Deal, ...] = (),
    programmes: tuple[Programme, ...] = (),
) -> Reason | None:
    """The reason that one feature gives a pair, if it gives one."""
    market = build_market(
        investors=[party or investor("v", "Gió Biển")],
        calls=[target or call("c", "Điện gió"), *past],
        deals=deals,
        programmes=programmes,
    )
    made = Explainer(market).reasons(
        call=0, investor=0, names=(feature,), contributions=np.array([1.0], dtype=np.float32)
    )
    return made[0] if made else None


def told(code: str, *stages: str) -> Reason:
    """A reason from past projects p0, p1 … of these stages, the latest last."""
    area, capital = land(20, 20, "20"), money(1e12, 1e12, "1.000 tỷ")
    reason = explain(
        FEATURE[code],
        past=tuple(
            call(f"p{i}", f"Dự án {i}", land=area, capital=capital) for i in range(len(stages))
        ),
        deals=tuple(deal("v", f"p{i}", f"{2020 + i}", s) for i, s in enumerate(stages)),
    )
    assert reason is not None
    return reason


@pytest.mark.parametrize(
    ("code", "stages", "vi", "en"),
    [
        ("sector_history", ("operating",), "Đã đầu tư trong", "Has invested in"),
        ("sector_history", ("MoU", "proposal"), "Đã đề xuất dự án trong", "Has proposed projects"),
        ("sector_history", ("MoU", ""), "Có dự án được ghi nhận trong", "Has projects on record"),
        ("place_history", ("proposal", "certificate"), "Đã đầu tư tại", "Has invested in"),
        ("place_history", ("proposal",), "Đã đề xuất dự án tại", "Has proposed projects in"),
        ("track_record", ("MoU", "operating"), "Nhà đầu tư đang hoạt động", "An investor active"),
        ("track_record", ("MoU", ""), "Có dự án được ghi nhận", "Has projects on record"),
        ("track_record", ("proposal",), "Có dự án được ghi nhận", "Has projects on record"),
    ],
)
def test_only_what_went_beyond_words_is_an_investment(
    code: str, stages: tuple[str, ...], vi: str, en: str
) -> None:
    reason = told(code, *stages)
    assert reason.vi.startswith(vi)
    assert reason.en.startswith(en)


@pytest.mark.parametrize("code", ["sector_history", "place_history", "track_record"])
def test_the_proof_of_an_investment_leads(code: str) -> None:
    reason = told(code, "operating", "proposal", "MoU", "proposal")
    assert reason.evidence[0].call_id == "p0"


def test_an_unknown_stage_is_no_investment() -> None:
    fact = told("track_record", "").evidence[0]
    assert fact.vi == "Gió Biển: có dự án ghi nhận «Dự án 0» tại Thanh Hóa, 2020"
    assert fact.en == "Gió Biển: has on record “Dự án 0” in Thanh Hóa, 2020"


def test_history_names_the_fields_in_common_alone() -> None:
    reason = explain(
        "sector_history",
        target=call("c", "x", sectors=("energy", "tourism")),
        past=(call("p", "y", "tourism"),),
        deals=(deal("v", "p", "2020-03-05"),),
    )
    assert reason is not None
    assert "ourism" in reason.en
    assert "nergy" not in reason.en
    assert reason.evidence[0].vi.endswith("05/03/2020")
    assert reason.evidence[0].en.endswith("2020-03-05")


def test_stated_fields_are_the_profiles_and_shared() -> None:
    target = call("c", "x", sectors=("energy", "tourism"))
    reason = explain("sector_stated", target=target, party=investor("v", "A", sectors=("tourism",)))
    assert reason is not None
    assert reason.vi.startswith("Hồ sơ ghi lĩnh vực ")
    assert reason.en.startswith("The profile names the field: ")
    assert "nergy" not in reason.en
    none = investor("v", "A", sectors=("health",))
    assert explain("sector_stated", target=target, party=none) is None


def test_a_heading_of_no_code_is_named_as_written() -> None:
    target = call("c", "x", sectors=(), sector_as_written="Nuôi Ong, Du lịch biển")
    party = investor("v", "A", sectors_as_written="nuôi ong")
    reason = explain("sector_stated", target=target, party=party)
    assert reason is not None
    assert reason.vi == "Hồ sơ ghi lĩnh vực Nuôi Ong"


@pytest.mark.parametrize(
    ("notes", "source"),
    [
        ({}, PROFILE),
        ({"knowledge": "sourced"}, PROFILE),
        ({"knowledge": "general knowledge"}, ""),
        (
            {"looking_for": "đất", "interest_source_url": "https://a.vn|https://b.vn"},
            "https://a.vn",
        ),
        (
            {
                "looking_for": "đất",
                "interest_source_url": "https://a.vn",
                "knowledge": "general knowledge",
            },
            "https://a.vn",
        ),
        ({"interest_source_url": "https://a.vn", "knowledge": "general knowledge"}, ""),
        ({"looking_for": "đất"}, PROFILE),
    ],
)
def test_words_cite_where_they_were_said(notes: dict[str, str], source: str) -> None:
    party = investor("v", "A", activities=("điện gió",), source_url=PROFILE, notes=notes)
    reason = explain("profile", party=party)
    assert reason is not None
    assert reason.evidence[0].source_url == source
    assert reason.evidence[0].vi == f"A: {notes.get('looking_for', 'điện gió')}"


def test_a_province_not_wanted_is_no_reason() -> None:
    assert explain("province_wanted", party=investor("v", "A", provinces_wanted=(CA_MAU,))) is None
    assert explain("province_wanted", party=investor("v", "A", provinces_wanted=(THANH_HOA,)))


def programme(name: str, period: str, *partners: Place) -> Programme:
    return Programme(name, name, partners, (), period=period, source=f"{name}.txt")


def test_a_programme_is_its_own_evidence() -> None:
    party = investor("v", "A", home_province=NGHE_AN, source_url=PROFILE)
    reason = explain(
        "programme_tie",
        party=party,
        programmes=(
            programme("Cũ", "2015-2020", NGHE_AN, THANH_HOA),
            programme("Mới", "2023-2025", NGHE_AN, THANH_HOA),
            programme("Khác", "2024-2030", NGHE_AN, CA_MAU),
        ),
    )
    assert reason is not None
    assert reason.vi == "Có chương trình hợp tác giữa Nghệ An và Thanh Hóa (2023-2025)"
    assert reason.en == "Nghệ An and Thanh Hóa have a cooperation programme (2023-2025)"
    shown = [(fact.vi, fact.source_url) for fact in reason.evidence]
    assert shown == [("«Mới», 2023-2025", "Mới.txt"), ("«Cũ», 2015-2020", "Cũ.txt")]
    assert explain("programme_tie", party=party) is None


@pytest.mark.parametrize(
    ("area", "vi", "en"),
    [
        (land(120, 120, "1,2 triệu m2"), "Diện tích (120 ha) gần", "The area (120 ha) is"),
        (land(36523.5, 36523.5, "36523,5"), "(36.523,5 ha)", "(36,523.5 ha)"),
        (land(20, 30, "20-30"), "(20–30 ha)", "(20–30 ha)"),
        (land(None, None, "khoảng 3 sào"), "(khoảng 3 sào)", "(khoảng 3 sào)"),
        (land(None, None, ""), "Diện tích gần", "The area is"),
    ],
)
def test_areas_are_in_hectares(area: Land, vi: str, en: str) -> None:
    reason = explain(
        "land_fit",
        target=call("c", "x", land=area),
        past=(call("p", "y", land=land(20, 20, "20")),),
        deals=(deal("v", "p", "2020"),),
    )
    assert reason is not None
    assert vi in reason.vi
    assert en in reason.en


def test_a_capital_without_text_leaves_no_brackets() -> None:
    reason = told("capital_fit", "operating")
    assert "(" not in reason.vi + reason.en


@pytest.mark.parametrize(("sectors", "codes"), [(("energy",), ["new_field"]), ((), [])])
def test_no_new_field_without_fields(sectors: tuple[str, ...], codes: list[str]) -> None:
    market = build_market(
        investors=[investor("v", "A")],
        calls=[
            call("c", "x", sectors=sectors, capital=money(1e9, 1e9, "1 tỷ")),
            call("p", "y", "health"),
        ],
        deals=[Deal("v", "p", PartialDate("2020"), "operating")],
    )
    assert [c.code for c in Explainer(market).cautions(call=0, investor=0)] == codes
