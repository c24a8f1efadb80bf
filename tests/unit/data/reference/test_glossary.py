from collections.abc import Iterator

import pytest

from data.reference import glossary as module
from data.reference.glossary import glossary, translations
from data.reference.spelling import nfc


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    rows = (
        {"vi": ("nhà máy", "xưởng"), "en": ("factory", "plant"), "ko": ("공장",)},
        {"vi": ("cây",), "en": ("plant",), "ko": ("식물",)},
        {"vi": ("lắp ráp",), "en": ("assembly",), "ko": ("조립",)},
    )
    monkeypatch.setattr(module, "glossary", lambda: rows)
    caches = module._finder, module._translations
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


@pytest.mark.usefixtures("small")
def test_commonest_word_of_a_meaning_counts_most() -> None:
    assert translations("조립 공장", "vi") == {"lắp ráp": 1.0, "nhà máy": 1.0, "xưởng": 0.7}


@pytest.mark.usefixtures("small")
def test_a_word_of_two_meanings_says_each_by_half() -> None:
    found = translations("a plant", "vi")
    assert found == {"nhà máy": 0.5, "xưởng": 0.35, "cây": 0.5}


@pytest.mark.usefixtures("small")
def test_words_of_the_texts_own_language_are_not_repeated() -> None:
    assert translations("nhà máy lắp ráp", "vi") == {}
    assert set(translations("nhà máy lắp ráp", "en")) == {"factory", "plant", "assembly"}


@pytest.mark.usefixtures("small")
def test_one_meaning_in_two_rows_is_not_halved(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = ({"vi": ("tín chỉ",), "en": ("credit",)}, {"vi": ("tín chỉ",), "en": ("credit", "x")})
    monkeypatch.setattr(module, "glossary", lambda: rows)
    module._finder.cache_clear()
    module._translations.cache_clear()
    assert translations("credit", "vi") == {"tín chỉ": 1.0}


def test_shipped_table_is_whole() -> None:
    assert glossary()
    for meaning in glossary():
        assert meaning["vi"] and meaning["en"], meaning
        words = [word for words in meaning.values() for word in words]
        assert words == [nfc(word) for word in words]
        signs = [word for language in ("ko", "ja", "zh") for word in meaning[language]]
        assert all(len(word) > 1 for word in signs), meaning  # one sign stands in many words
    pairs = [(meaning["vi"][0], meaning["en"][0]) for meaning in glossary()]
    assert len(pairs) == len(set(pairs))
