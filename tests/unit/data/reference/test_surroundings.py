"""What lies around a project, in the words of five languages."""

import pytest

from data.reference.surroundings import find_surroundings, surroundings
from data.reference.terms import LANGUAGES


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Khu nghỉ dưỡng bên hồ, gần thác nước", {"lake", "waterfall"}),
        ("A lakeside hotel under a mountain pass", {"lake", "mountain"}),
        ("폭포와 호수가 있는 관광지", {"waterfall", "lake"}),
        ("マングローブの湿地を巡る", {"wetland"}),
        ("高原上的度假小镇", {"plateau"}),
        ("Nui Cam tourism site", {"mountain"}),
        ("New urban area along Dinh River", {"river"}),
    ],
)
def test_find_surroundings_in_each_language(text: str, found: set[str]) -> None:
    assert set(find_surroundings(text)) == found


@pytest.mark.parametrize(
    "text",
    [
        "Khai thác đá tại thành phố Hồ Chí Minh",  # neither a waterfall nor a lake
        "Đô thị sân bay, hồ sơ mời thầu",
        "nui va song",  # syllables of names in small letters are no names
        "부동산 개발, 수산물 가공, 섬유 산업",
        "海运和港湾物流，度假村",
        "Nhà máy điện mặt trời",
    ],
)
def test_find_surroundings_none_where_a_word_only_contains_one(text: str) -> None:
    assert find_surroundings(text) == {}


def test_surroundings_table_is_whole() -> None:
    known = surroundings()
    for name, one in known.items():
        assert all(one.terms[language] for language in LANGUAGES), name
        assert set(one.related) <= known.keys()
