import pytest

from matcher.terms_of_deal import form_fit, forms_named, wants_ready_land


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("hình thức BOT hoặc PPP", {"bot", "ppp"}),
        ("hinh thuc doi tac cong tu", {"ppp"}),
        ("100% vốn nước ngoài", {"wholly-owned"}),
        ("wholly foreign-owned", {"wholly-owned"}),
        ("liên doanh với đối tác trong nước", {"joint-venture"}),
        ("합작 투자", {"joint-venture"}),
        ("独資または合弁", {"wholly-owned", "joint-venture"}),
        ("公私合营", {"ppp"}),
        ("robot factory", set()),
    ],
)
def test_forms_are_read_in_five_languages(text: str, forms: set[str]) -> None:
    assert forms_named(text) == forms


@pytest.mark.parametrize("text", ["cần mặt bằng sạch", "cleared land", "造成済みの土地", "净地"])
def test_ready_land_is_read(text: str) -> None:
    assert wants_ready_land(text)
    assert not wants_ready_land("cần 20 ha đất")


def test_kinds_of_public_private_partnership_stand_for_each_other_in_part() -> None:
    assert form_fit(frozenset({"ppp"}), frozenset({"ppp", "oda"})) == 1.0
    assert 0.0 < form_fit(frozenset({"ppp"}), frozenset({"bot"})) < 1.0
    assert form_fit(frozenset({"ppp"}), frozenset({"joint-venture"})) == 0.0
    assert form_fit(frozenset({"ppp"}), frozenset()) == 0.0
