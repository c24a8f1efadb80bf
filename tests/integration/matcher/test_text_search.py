"""Free text in six ways of writing over the sample's calls, with the packaged encoder."""

from pathlib import Path

import numpy as np
import pytest

from embeddings.encoder import load_encoder
from embeddings.meaning import load_activity_model
from embeddings.protocol import Encoder
from matcher.activities import activity_names
from matcher.market import build_market
from matcher.release import embed, make_tags
from matcher.search import TextSearch
from training.understanding_sets import sample_calls

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def encoder(model_cache: Path) -> Encoder:
    return load_encoder("e5-small", cache_dir=model_cache)


@pytest.fixture(scope="module")
def search(encoder: Encoder) -> TextSearch:
    calls = [call for number, call in enumerate(sample_calls()) if number % 2 or _kept(call.title)]
    market = build_market(investors=(), calls=calls, deals=())
    vectors = embed(market, encoder)
    tags = make_tags(market, vectors, encoder)
    whole = build_market(investors=(), calls=calls, deals=(), vectors=vectors, tags=tags)
    model = load_activity_model(encoder, activity_names())
    assert model is not None, "the shipped activity model does not fit the encoder or the table"
    return TextSearch(whole, model)


def _kept(title: str) -> bool:
    return any(word in title.lower() for word in ("bệnh viện", "hospital", "gió", "wind"))


def titles(search: TextSearch, encoder: Encoder, text: str) -> list[str]:
    everything = np.arange(len(search.market.calls))
    hits = search(text, calls=everything, n=3, encoder=encoder)
    return [search.market.calls[hit.call].title for hit in hits]


@pytest.mark.parametrize(
    "text",
    [
        "nha dau tu benh vien tu nhan",
        "nhà đầu tư bệnh viện tư nhân",
        "private hospital investor",
        "민간 병원 투자",
        "民間病院への投資",
        "投资私立医院",
    ],
)
def test_hospitals_come_first_however_it_is_written(
    search: TextSearch, encoder: Encoder, text: str
) -> None:
    for title in titles(search, encoder, text):
        assert "bệnh viện" in title.lower() or "hospital" in title.lower()


@pytest.mark.parametrize(
    "text", ["dien gio ngoai khoi", "điện gió", "wind farm developer", "풍력 발전", "风电"]
)
def test_wind_comes_first_however_it_is_written(
    search: TextSearch, encoder: Encoder, text: str
) -> None:
    for title in titles(search, encoder, text):
        assert "gió" in title.lower() or "wind" in title.lower()


def test_text_without_any_known_term_is_understood_by_meaning(
    search: TextSearch, encoder: Encoder
) -> None:
    found = titles(search, encoder, "a clinic where surgeons operate on patients")
    assert any("hospital" in title.lower() or "bệnh viện" in title.lower() for title in found)
