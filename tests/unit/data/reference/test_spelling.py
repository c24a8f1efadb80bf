"""Spelling: folding, tone placement, alphabetical order."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.reference.folding import fold_with_map
from data.reference.spelling import compact, fold, nfc, sort_key, tone_placement


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Thừa Thiên – Huế", "thua thien-hue"),
        ("ĐẮK  LẮK", "dak lak"),
        ("호치민", "호치민"),
        ("ダナン", "ダナン"),
        ("胡志明市", "胡志明市"),
    ],
)
def test_fold_strips_latin_marks_only(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded


@given(st.text(max_size=40))
def test_fold_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=40))
def test_fold_ignores_normal_form(text: str) -> None:
    assert fold(nfc(text)) == fold(text)


@given(st.text(max_size=40))
def test_tone_placement_is_idempotent_and_keeps_letters(text: str) -> None:
    once = tone_placement(text)
    assert tone_placement(once) == once
    assert compact(once) == compact(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thanh Hoá", "Thanh Hóa"),
        ("thuỷ khoẻ", "thủy khỏe"),
        ("HOÀ", "HÒA"),
        ("tòan", "toàn"),
        ("quý qúy", "quý quý"),
        ("hủynh", "huỳnh".replace("ỳ", "ỷ")),
        ("loại", "loại"),
    ],
)
def test_tone_placement_takes_one_style(text: str, expected: str) -> None:
    assert tone_placement(text) == expected


def test_sort_key_follows_the_dictionary() -> None:
    words = ["Đắk", "Dak", "Cạ", "Cá", "Cã", "Cả", "Cà Mau", "Ca", "Ân", "Ăn", "An Giang", "1"]
    expected = ["1", "An Giang", "Ăn", "Ân", "Ca", "Cà Mau", "Cả", "Cã", "Cá", "Cạ", "Dak", "Đắk"]
    assert sorted(words, key=sort_key) == expected


@given(st.text(alphabet="aàăằđeêốưỹ Z9가漢", max_size=15), st.text(max_size=5))
def test_sort_key_ignores_normal_form(text: str, other: str) -> None:
    assert sort_key(unicodedata.normalize("NFD", text)) == sort_key(text)
    assert (sort_key(text) < sort_key(other)) in (True, False)


def test_fold_with_map_points_back_into_decomposed_text() -> None:
    text = unicodedata.normalize("NFD", "ở Huế, 하노이")
    folded = fold_with_map(text)
    assert folded.text == "o hue, 하노이"
    start, end = folded.span(2, 5)
    assert nfc(text[start:end]) == "Huế"
