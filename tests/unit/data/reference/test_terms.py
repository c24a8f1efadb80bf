import pytest

from data.reference.activities import activities, activity_terms, ancestors
from data.reference.goods import good_terms, goods
from data.reference.terms import TermFinder, fold_words, stem


def finder() -> TermFinder:
    made = TermFinder()
    made.add("mechanics", "vi", ["cơ khí"])
    made.add("school", "vi", ["trường học"])
    made.add("wind", "en", ["wind farm"])
    made.add("offshore", "en", ["offshore wind farm"])
    made.add("ai", "en", ["AI"])
    made.add("rail", "ko", ["기차"])
    made.add("storage", "zh", ["仓储"])
    return made


def owners(text: str) -> list[str]:
    return [hit.owner for hit in finder()(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nhà máy cơ khí chính xác", ["mechanics"]),
        ("nha may co khi chinh xac", ["mechanics"]),
        ("Nơi có khí hậu ôn hòa", []),  # other tones, another word
        ("two offshore wind farms and a wind farm", ["offshore", "wind"]),
        ("maintain the chain", []),  # "ai" within words
        ("AI and chips", ["ai"]),
        ("ai cũng được", []),
        ("기차 제작", ["rail"]),
        ("전기차 제작", []),  # within a word: an electric car
        ("倉 儲物流", ["storage"]),  # traditional characters, a stray space
    ],
)
def test_finder_takes_terms_as_they_are_written(text: str, expected: list[str]) -> None:
    assert owners(text) == expected


def test_hits_say_where_they_stand() -> None:
    text = "Đầu tư cơ khí"
    (hit,) = finder()(text)
    assert text[hit.start : hit.end] == "cơ khí"
    assert (hit.term, hit.language) == ("cơ khí", "vi")


def test_plurals_lose_their_ending() -> None:
    assert [stem(word) for word in ("batteries", "boxes", "farms", "glass", "gas")] == [
        "battery",
        "box",
        "farm",
        "glass",
        "gas",
    ]
    assert fold_words("Bệnh viện") == ["benh", "vien"]


def test_table_of_activities_holds_together() -> None:
    table = activities()
    for activity in table.values():
        assert not activity.parent or activity.parent in table
        assert set(activity.related) <= set(table) - {activity.activity_id}
        assert activity.activity_id not in ancestors(activity.activity_id)
        assert all(activity.terms.values()), activity.activity_id


@pytest.mark.parametrize(
    "text",
    [
        "bệnh viện tư nhân",
        "benh vien tu nhan",
        "private hospital",
        "민간 병원",
        "私立病院",
        "私立医院",
    ],
)
def test_private_hospital_is_found_in_all_ways_of_writing(text: str) -> None:
    assert "private-international-hospital" in {hit.owner for hit in activity_terms()(text)}


@pytest.mark.parametrize("text", ["cà phê hòa tan", "instant coffee", "인스턴트 커피", "速溶咖啡"])
def test_goods_are_found_too(text: str) -> None:
    assert [goods()[hit.owner].name_en for hit in good_terms()(text)] == ["Instant coffee"]


@pytest.mark.parametrize(
    ("language", "joint", "parts"),
    [
        ("vi", "điện gió và điện mặt trời", ("điện gió", "điện mặt trời")),
        ("en", "hotel and restaurant", ("hotel", "restaurant")),
        ("zh", "屠宰及肉类", ("屠宰", "肉类")),
    ],
)
def test_a_term_that_joins_two_hides_neither(
    language: str, joint: str, parts: tuple[str, str]
) -> None:
    made = TermFinder()
    for owner, term in zip(("both", "first", "second"), (joint, *parts), strict=True):
        made.add(owner, language, [term])
    assert {hit.owner for hit in made(joint)} == {"both", "first", "second"}


def test_a_term_does_not_go_on_over_a_comma() -> None:
    made = TermFinder()
    made.add("agrivoltaics", "en", ["farm solar"])
    made.add("components", "en", ["parts, modules"])
    assert [hit.owner for hit in made("wind farm, solar farm; parts, modules")] == ["components"]


def test_a_short_korean_term_ends_with_its_word() -> None:
    made = TermFinder()
    made.add("ballast", "ko", ["안정기"])
    assert [hit.owner for hit in made("조명 안정기")] == ["ballast"]
    assert made("경영 안정 기반") == []


def test_kind_of_housing_is_not_hidden_by_building_it() -> None:
    owners = {hit.owner for hit in activity_terms()("xây dựng nhà ở xã hội")}
    assert "social-housing" in owners
