"""A small event as an organiser would write it: names in many scripts, a place, a standby."""

from typing import Any

from tests.support.events import Shape, big_event

PLACE = "Trung tâm Hội nghị 25B, Thanh Hóa"
NAMES = (
    "Công ty Cổ phần Tập đoàn Thủy sản Nghệ Tĩnh",
    "삼성전자 베트남",
    "トヨタ自動車株式会社",
    "比亚迪股份有限公司",
    "=SUM(A1) & <Sons> Ltd",
    "Quỹ đầu tư Đồng Nai – Bà Rịa, giai đoạn 2: hạ tầng khu công nghiệp và cảng biển nước sâu",
)


def named_event() -> dict[str, Any]:
    """12 × 6 people, 5 slots, 4 tables, 2 interpreters, one on standby."""
    event = big_event(Shape(a=12, b=6, slots=5, tables=4, per_a=4, foreign=4, interpreters=2))
    event["event"] |= {"id": "th-2026", "name": "Hội nghị xúc tiến đầu tư Thanh Hóa 2026"}
    event["event"]["place"] = PLACE
    for number, person in enumerate(event["participants"]):
        person["name"] = NAMES[number] if number < len(NAMES) else f"Đơn vị số {number}"
    for number, table in enumerate(event["tables"], start=1):
        table["name"] = f"Bàn {number}"
    event["interpreters"][0]["name"] = "Nguyễn Thị Ánh Nguyệt"
    event["participants"].append({"id": "z", "side": "a", "standby": True, "name": "Dự bị"})
    return event
