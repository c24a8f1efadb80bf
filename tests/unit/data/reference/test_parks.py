import pytest

from data.reference.parks import find_parks, park_place, parks
from data.reference.provinces import resolve_province


@pytest.mark.parametrize(
    ("text", "province"),
    [
        ("KCN Lam Sơn – Sao Vàng", "Thanh Hóa"),
        ("Lô CN3, Khu công nghiệp Lam Sơn - Sao Vàng, huyện Thọ Xuân", "Thanh Hóa"),
        ("KHU KINH TẾ NGHI SƠN", "Thanh Hóa"),
        ("Nghi Son Economic Zone", "Thanh Hóa"),
        ("khu kinh te nghi son", "Thanh Hóa"),
        ("Khu công nghiệp Hoàng Mai I", "Nghệ An"),
        ("Hoang Mai Industrial Park", "Nghệ An"),
        ("VSIP Nghệ An", "Nghệ An"),
        ("KKT cửa khẩu Mộc Bài", "Tây Ninh"),
        ("Moc Bai Border Gate Economic Zone", "Tây Ninh"),
        ("CCN Đức Thọ", "Hà Tĩnh"),
        ("KKT Chân Mây – Lăng Cô", "Huế"),
        ("Que Vo II Industrial Park", "Bắc Ninh"),
        ("Khu công nghệ cao Hòa Lạc", "Hà Nội"),
    ],
)
def test_a_park_knows_its_province(text: str, province: str) -> None:
    place = park_place(text)
    assert place is not None
    assert place.name == province
    assert len(find_parks(text)) == 1


@pytest.mark.parametrize(
    "text", ["", "xã Nghi Sơn", "Hoàng Mai", "khu công nghiệp", "KCN mới phía Tây", "Lam Sơn"]
)
def test_a_name_without_its_kind_is_no_park(text: str) -> None:
    assert find_parks(text) == ()
    assert park_place(text) is None


def test_a_name_of_two_provinces_stays_open() -> None:
    (mention,) = find_parks("KCN Hòa Phú")
    assert {park.province for park in mention.parks} == {"Đắk Lắk", "Vĩnh Long"}
    assert mention.province is None
    assert park_place("KCN Hòa Phú") is None


def test_parks_of_several_provinces_give_none_and_of_one_give_it() -> None:
    text = "KCN Đồng Văn III và KCN Châu Sơn"
    assert [mention.text for mention in find_parks(text)] == ["KCN Đồng Văn III", "KCN Châu Sơn"]
    place = park_place(text)
    assert place is not None and place.old_name == "Hà Nam"
    assert park_place("KCN Châu Sơn, KCN Hoàng Mai") is None


def test_every_park_of_the_table_is_found_and_lies_in_a_province() -> None:
    assert len(parks()) > 250
    missed = [park.name for park in parks() if not find_parks(park.name)]
    assert len(missed) <= 8, missed
    assert all(resolve_province(park.province) for park in parks())
    assert all(park.source_url for park in parks())
    assert len({(park.name, park.province) for park in parks()}) == len(parks())
