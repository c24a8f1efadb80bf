"""Made-up rows for the tests of the data layer. Nothing here is real."""

from data.records import Deal, Interval, Investor, Land, Money, PartialDate, Place, ProjectCall

INVESTORS = """\
investor_id,name,aliases,country,provinces_wanted,capital_min,capital_max,capital_unit
v1,Công ty Gió Bịa,Gio Bia Co.|Wind Made-up,Vietnam,Thanh Hóa|Nghệ An,100,200,tỷ đồng
v2,Imaginary Resorts,,Japan,,,,
"""
CALLS = """\
call_id,title,sector,province,country,capital_min,capital_max,capital_unit,status,source_url
c1,Nhà máy điện gió bịa,energy,Thanh Hóa,Vietnam,500-700 tỷ,,,open,https://example.org/1
c2,Khu nghỉ dưỡng bịa,tourism,TT. Huế,,45.500 tỷ đồng,45.500 tỷ đồng,,closed,https://example.org/2
c3,Kho bịa,,-,,-,,,,https://example.org/3
"""
DEALS = """\
investor_id,call_id,date,stage,source_url
v1,c1,2020-03,MoU,https://example.org/4
v1,c1,2021,certificate,https://example.org/5
v2,c2,2019-12-31,,https://example.org/6
"""
FILES = {"investors": INVESTORS, "calls": CALLS, "deals": DEALS}


def investor(number: int = 1) -> Investor:
    """A made-up investor with everything filled."""
    return Investor(
        investor_id=f"v{number}",
        name=f"Công ty Bịa {number}",
        aliases=("Made-up Co.", "지어낸 회사"),
        country="Vietnam",
        home_province=Place("38", "Thanh Hóa", "", "T. Hoá"),
        sectors=("energy",),
        activities=("điện gió",),
        provinces_wanted=(Place("46", "Huế", "Thừa Thiên Huế", "TT. Huế"),),
        capital=Money(Interval(1e9, None), "trên 1 tỷ"),
        notes={"ghi chú": "bịa"},
    )


def call(number: int = 1) -> ProjectCall:
    """A made-up call with everything filled."""
    return ProjectCall(
        call_id=f"c{number}",
        title=f"Dự án bịa {number}",
        place=Place("38", "Thanh Hóa", "", "Thanh Hóa"),
        land=Land(Interval(1.5, 2.5), "1,5-2,5 ha"),
        capital=Money(Interval(5e11, 7e11), "500-700 tỷ"),
        published_on=PartialDate("2024-03"),
        notes={"công suất": "1,2 triệu tấn/năm"},
    )


def deal(number: int = 1) -> Deal:
    """A made-up deal between the investor and the call of the same number."""
    return Deal(f"v{number}", f"c{number}", PartialDate("2024"), "MoU", "https://example.org")
