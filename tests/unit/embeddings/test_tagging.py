import numpy as np
import pytest

from embeddings.meaning import PASSAGES, ActivityModel, load_activity_model, manner, unit
from embeddings.tagging import Tagger


def tags(text: str) -> dict[str, float]:
    return {tag.activity_id: tag.confidence for tag in Tagger()(text)}


def model() -> ActivityModel:
    """Two activities along the axes; Vietnamese texts share the third axis."""
    means = {
        "vi": np.array([0.0, 0.0, 0.9], dtype=np.float32),
        PASSAGES: np.zeros(3, dtype=np.float32),
    }
    weights = np.array([[0.8, 0.0, 0.0], [0.0, 0.8, 0.0]], dtype=np.float32)
    return ActivityModel("made/up", ("wind-power", "resort"), means, weights)


def test_tags_carry_the_words_that_prove_them() -> None:
    (tag,) = Tagger()("Chúng tôi muốn xây bến container")
    assert (tag.activity_id, tag.words, tag.how) == (
        "container-terminal",
        ("bến container",),
        "term",
    )
    assert tag.confidence == 1.0


def test_place_names_are_no_activities() -> None:
    assert tags("Long An, Hải Dương và Quảng Ninh") == {}


def test_what_it_is_near_counts_less() -> None:
    found = tags("Khách sạn gần sân bay")
    assert found["hotel"] == 1.0
    assert found["airport"] < 0.5


def test_general_activity_beside_a_special_one_counts_less() -> None:
    found = tags("resort, beach resort")
    assert found["beach-resort"] == 1.0
    assert found["resort"] < 0.5


@pytest.mark.parametrize(
    ("text", "wanted", "refused"),
    [
        ("hotels, no golf courses", "hotel", "golf-course"),
        ("Khách sạn, không làm sân golf", "hotel", "golf-course"),
        ("호텔 투자, 골프장은 제외", "hotel", "golf-course"),
        ("投资酒店，不包括高尔夫球场", "hotel", "golf-course"),
    ],
)
def test_what_is_refused_is_not_wanted(text: str, wanted: str, refused: str) -> None:
    read = Tagger().read(text)
    assert wanted in {tag.activity_id for tag in read.wanted}
    assert refused not in {tag.activity_id for tag in read.wanted}
    assert refused in {tag.activity_id for tag in read.unwanted}


def test_meaning_speaks_where_terms_do_not() -> None:
    tagger = Tagger(model=model())
    vector = unit(np.array([[0.1, 0.9, 0.9]], dtype=np.float32))[0]
    found = tagger("một nơi nghỉ rất yên tĩnh bên hồ rộng", vector=vector, language="vi")
    assert (found[0].activity_id, found[0].how, found[0].words) == ("resort", "meaning", ())
    assert 0.0 < found[0].confidence < 1.0


def test_centring_takes_away_what_a_language_shares() -> None:
    centred = model().centred(np.array([[0.5, 0.0, 0.9]], dtype=np.float32), "vi")
    assert centred == pytest.approx(np.array([[1.0, 0.0, 0.0]]), abs=1e-6)


def test_spread_keeps_the_nearest_and_is_one_at_best() -> None:
    spread = model().spread(np.array([[0.6, 0.2, 0.0]], dtype=np.float32), PASSAGES, n=1)
    assert spread.tolist() == [[1.0, 0.0]]


def test_bare_terms_have_their_own_middle() -> None:
    assert manner("bệnh viện tư nhân", "vi") == "vi:short"
    assert manner("Chúng tôi muốn đầu tư bệnh viện tư nhân", "vi") == "vi"
    assert manner("민간 병원", "ko") == "ko:short"


def test_shipped_model_belongs_to_its_encoder() -> None:
    assert load_activity_model("hashing-256/python/unlimited", ["resort"]) is None
