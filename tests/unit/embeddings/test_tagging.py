from dataclasses import replace

import numpy as np
import pytest

from embeddings.encoder import HashingEncoder
from embeddings.meaning import PASSAGES, ActivityModel, load_activity_model, manner, unit
from embeddings.tagging import Tagger, without_refused


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


@pytest.mark.parametrize(
    ("text", "main", "place"),
    [
        ("Electric cable factory in Nhan Co Industrial Park", "electric-cable", "industrial-park"),
        ("공업단지 인근 병원", "general-hospital", "industrial-park"),
        ("工业园区附近的酒店", "hotel", "industrial-park"),
    ],
)
def test_place_with_a_name_between_or_behind_counts_less(text: str, main: str, place: str) -> None:
    found = tags(text)
    assert found[main] == 1.0
    assert found.get(place, 0.0) < 0.5


def test_infrastructure_in_a_park_is_of_the_park() -> None:
    assert tags("Technical infrastructure in Minh Phuong industrial cluster")[
        "industrial-cluster"
    ] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Eco-tourism area in Dong Thap Muoi", "salt"),
        ("Finance centre, Nam Can Economic Zone", "packaging"),
        ("Thanh Minh - Tram Sat urban project", "metro-urban-rail"),
        ("Training college of Lang Co", "heritage-tourism"),
    ],
)
def test_vietnamese_names_in_english_texts_are_no_activities(text: str, wrong: str) -> None:
    assert wrong not in tags(text)


def test_toneless_vietnamese_is_still_read() -> None:
    assert tags("nha may san xuat muoi")["salt"] == 1.0


@pytest.mark.parametrize(
    "text",
    [
        "nhà máy sấy khô rau củ",
        "Factory for dried vegetables",
        "채소를 말리는 건조 공장",
        "野菜を扱う乾燥工場",
        "蔬菜烘干厂",
    ],
)
def test_produce_in_a_text_about_processing_is_what_is_processed(text: str) -> None:
    found = tags(text)
    assert found["fruit-vegetable-processing"] > found.get("vegetable-growing", 0.0)


def test_what_two_are_called_together_says_which_is_meant_first() -> None:
    found = tags("Nhà máy sản xuất giấy và năng lượng")
    assert found["paper-pulp"] == 1.0
    assert found["power-generation"] == 0.5
    both = tags("điện gió và điện mặt trời")
    assert both["wind-power"] == both["solar-power"] == 1.0


@pytest.mark.parametrize(
    ("text", "grown"),
    [
        ("Trồng nho Phan Rang", "fruit-growing"),
        ("xay dung trang trai bo sua", "dairy-farming"),
        ("nhà máy điện gió và trang trại nuôi lợn", "pig-farming"),
    ],
)
def test_a_farm_is_no_factory(text: str, grown: str) -> None:
    assert tags(text)[grown] == 1.0


def test_produce_beside_a_kind_of_processing_stays_what_it_is() -> None:
    found = tags("nhà máy thức ăn chăn nuôi, trang trại nuôi lợn")
    assert "meat-processing" not in found
    assert found["pig-farming"] == found["animal-feed"] == 1.0


def test_what_stands_for_a_whole_sector_counts_less_beside_one_of_it() -> None:
    found = tags("Quỹ bất động sản tìm tòa nhà văn phòng")
    assert found["office-building"] == 1.0
    assert found["real-estate-development"] < 0.5
    assert tags("Quỹ bất động sản tìm bến container")["real-estate-development"] == 1.0


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


def test_meaning_doubts_a_term_it_speaks_against() -> None:
    vector = unit(np.array([[0.0, 0.9, 0.9]], dtype=np.float32))[0]
    read = Tagger(model=model()).read("điện gió", vector=vector, language="vi").wanted
    found = {tag.activity_id: tag for tag in read}
    assert found["wind-power"].confidence < 1.0
    assert found["wind-power"].how == "term"
    assert found["resort"].how == "meaning"


def test_meaning_does_not_bring_back_what_is_refused() -> None:
    vector = unit(np.array([[0.2, 0.9, 0.9]], dtype=np.float32))[0]
    read = Tagger(model=model()).read("điện gió, không làm beach resort", vector=vector)
    assert {tag.activity_id for tag in read.wanted} == {"wind-power"}
    assert {tag.activity_id for tag in read.unwanted} == {"beach-resort"}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("hotels, no golf courses", "hotels, "),
        ("投资酒店，不包括高尔夫球场", "投资酒店，"),
        ("hotels", "hotels"),
        ("no golf courses", "no golf courses"),
    ],
)
def test_what_is_refused_is_left_out_unless_all_is(text: str, kept: str) -> None:
    assert without_refused(text) == kept


def test_meanings_are_unit_rows_of_both_readings() -> None:
    made = replace(
        model(),
        projection=np.eye(3, dtype=np.float32)[:2],
        classes=np.eye(2, dtype=np.float32),
    )
    rows = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]], dtype=np.float32)
    meant = made.meanings(rows, likely=0.3)
    assert np.linalg.norm(meant, axis=1) == pytest.approx([1.0, 1.0, 0.0], abs=1e-5)
    assert meant[0] @ meant[1] < 0.1
    assert made.likelihoods(rows)[0].tolist() == pytest.approx([1.0, 0.0], abs=1e-3)


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
    assert load_activity_model(HashingEncoder(), ["resort"]) is None


def test_what_it_comes_from_counts_less() -> None:
    found = tags("Chế biến thực phẩm từ trang trại lợn")
    assert found["pig-farming"] < found["food-processing"]


def test_what_is_invested_in_is_no_place() -> None:
    found = tags("Investing in hotels. Golf courses")
    assert found["hotel"] == found["golf-course"] == 1.0
