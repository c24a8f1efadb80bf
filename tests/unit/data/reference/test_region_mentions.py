import pytest

from data.reference.region_mentions import find_regions
from data.reference.regions import regions


def named(text: str) -> list[str]:
    return [mention.region.code for mention in find_regions(text)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("xây nhà máy ở miền Trung", "central"),
        ("o tay nguyen", "central-highlands"),
        ("rice mills in the Mekong Delta", "mekong"),
        ("miền Tây Nam Bộ", "mekong"),
        ("동남부 지역 산업단지", "southeast"),
        ("メコンデルタで精米所", "mekong"),
        ("湄公河三角洲的大米加工", "mekong"),
        ("중부 고원 지역의 커피", "central-highlands"),
        ("factories in northern Vietnam", "north"),
        ("ven biển miền Trung", "central"),
        ("beach hotels along the north-central coast", "north-central"),
        ("mountains of the north", "north"),
        ("núi rừng phía Bắc", "northern-midlands"),
        ("ven bien phia Nam", "south"),
    ],
)
def test_regions_are_found_in_five_languages(text: str, code: str) -> None:
    assert named(text) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "phía Bắc thành phố Thanh Hóa",
        "Khu đô thị Tây Bắc thành phố Vinh",
        "a group active in Southeast Asia",
        "South Korean electronics maker",
        "central kitchen",
        "khu đô thị ven biển phía Bắc đường Trần Phú",
        "nhà đầu tư Việt Nam",
        "",
    ],
)
def test_directions_and_other_parts_of_the_world_are_no_regions(text: str) -> None:
    assert named(text) == []


def test_span_is_that_of_the_text_as_given() -> None:
    text = "trồng cà phê ở Tây Nguyên."
    (mention,) = find_regions(text)
    assert text[mention.start : mention.end] == "Tây Nguyên"


def test_former_province_decides_where_a_region_cuts_through_a_unit() -> None:
    highlands = regions()["central-highlands"]
    assert highlands.holds("52", "Gia Lai")
    assert not highlands.holds("52", "Bình Định")
    assert highlands.holds("52")
    assert not highlands.holds("38")
