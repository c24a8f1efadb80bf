"""The encoder contract on the hashing encoder, and how encoders are chosen by name."""

import subprocess
import sys
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from embeddings.encoder import HashingEncoder, load_encoder
from embeddings.errors import EncoderError

TEXTS = ["Khu công nghiệp Nghi Sơn", "nhà máy điện mặt trời", "태양광 발전소", ""]


def test_vectors_have_length_one_and_the_stated_shape() -> None:
    vectors = HashingEncoder(dim=64).encode_passages(TEXTS)
    assert vectors.shape == (4, 64)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-6)


def test_no_texts_give_no_rows() -> None:
    assert HashingEncoder(dim=64).encode_queries([]).shape == (0, 64)


def test_tone_marks_and_normal_form_change_nothing() -> None:
    encoder = HashingEncoder()
    text = "Đầu tư bệnh viện quốc tế"
    forms = [text, unicodedata.normalize("NFD", text), "dau tu benh vien quoc te"]
    vectors = encoder.encode_queries(forms)
    assert np.array_equal(vectors[0], vectors[1])
    assert np.array_equal(vectors[0], vectors[2])


def test_shared_words_are_nearer_than_none() -> None:
    encoder = HashingEncoder()
    query = encoder.encode_queries(["nhà máy điện"])[0]
    near, far = encoder.encode_passages(["điện gió và nhà máy", "du lịch biển"])
    assert query @ near > query @ far + 0.2


def test_vectors_are_the_same_in_another_process() -> None:
    code = (
        "from embeddings.encoder import HashingEncoder;"
        "print(HashingEncoder(16).encode_queries(['cảng biển']).tobytes().hex())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    here = HashingEncoder(16).encode_queries(["cảng biển"]).tobytes().hex()
    assert done.stdout.strip() == here


def test_single_string_is_refused() -> None:
    with pytest.raises(EncoderError) as caught:
        HashingEncoder().encode_queries("một câu")
    assert caught.value.code == "encoder.texts"


def test_lone_surrogate_is_encoded() -> None:
    assert np.isfinite(HashingEncoder().encode_queries(["a\ud800b"])).all()


def test_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="no folder") as caught:
        load_encoder(str(tmp_path / "nowhere"), cache_dir=tmp_path)
    assert caught.value.code == "encoder.missing"


def test_hashing_is_loaded_by_name(tmp_path: Path) -> None:
    assert load_encoder("hashing", cache_dir=tmp_path).id == HashingEncoder().id
