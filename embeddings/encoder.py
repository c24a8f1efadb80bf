"""Encoders by name: the packaged one, a tiny hashing one for tests, any sentence-transformers."""

import re
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from embeddings.errors import EncoderError
from embeddings.onnx_export import ONNX_FILE
from embeddings.onnx_runtime import OnnxEncoder
from embeddings.packaged import NAME, materialise
from embeddings.protocol import Encoder, Vectors, checked_texts, normalised
from embeddings.torch_runtime import SentenceTransformerEncoder

__all__ = ["Encoder", "HashingEncoder", "OnnxEncoder", "load_encoder"]

_WORD = re.compile(r"\w+")
_WORD_WEIGHT = 2.0
_GRAM = 3
_TORCH = ":torch"


class HashingEncoder:
    """Counts tone-folded words and character trigrams in hashed buckets; for unit tests.

    Texts that share words are near each other, whatever the tone marks; nothing is understood.

    Args:
        dim: number of buckets, at least 8.
    """

    def __init__(self, dim: int = 256) -> None:
        if dim < 8:
            raise EncoderError(
                code="encoder.dim", message=f"dim is {dim}; it must be at least 8. Set 256."
            )
        self.dim = dim
        self.id = f"hashing-{dim}/python/unlimited"
        self.activity_file: Path | None = None

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """See :class:`embeddings.protocol.Encoder`."""
        return self._encode(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """See :class:`embeddings.protocol.Encoder`; the same vectors as for queries."""
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        clean = checked_texts(texts)
        vectors = np.zeros((len(clean), self.dim), dtype=np.float32)
        for row, text in enumerate(clean):
            for feature, weight in _features(text):
                vectors[row, zlib.crc32(feature.encode("utf-8")) % self.dim] += weight
        return normalised(vectors)


def load_encoder(name: str, *, cache_dir: Path, threads: int = 2) -> Encoder:
    """Load an encoder.

    Args:
        name: ``e5-small`` (the packaged one, made once under ``cache_dir``, served in int8),
            ``hashing``, a folder of a sentence-transformers model (served in int8 if it holds
            ``model_int8.onnx``, else by torch), or a hub id. ``:torch`` at the end of any of
            them asks for torch in float32.
        cache_dir: where models made on this machine are kept.
        threads: texts encoded at the same time by the int8 runtime.

    Raises:
        EncoderError: no such folder (``encoder.missing``), not loadable (``encoder.load``,
            ``encoder.folder``), or the package with the model is absent (``encoder.package``).
    """
    if name == "hashing":
        return HashingEncoder()
    plain = name.removesuffix(_TORCH)
    folder = materialise(cache_dir) if plain == NAME else Path(plain)
    if plain == name and (folder / ONNX_FILE).is_file():
        return OnnxEncoder(folder, threads=threads)
    if not folder.is_dir() and (not plain or plain.startswith((".", "/", "~"))):
        raise EncoderError(
            code="encoder.missing",
            message=f"The encoder {name!r} is no folder on this machine. Give 'e5-small', "
            "'hashing', the folder of a sentence-transformers model, or a hub id.",
        )
    return SentenceTransformerEncoder(str(folder) if folder.is_dir() else plain)


def _features(text: str) -> Iterator[tuple[str, float]]:
    yield "", 1.0  # keeps the vector of an empty text from being zero
    for word in _WORD.findall(_folded(text)):
        yield f"w:{word}", _WORD_WEIGHT
        padded = f"^{word}$"
        for start in range(len(padded) - _GRAM + 1):
            yield f"g:{padded[start : start + _GRAM]}", 1.0


def _folded(text: str) -> str:
    lowered = text.casefold().replace("đ", "d")
    decomposed = unicodedata.normalize("NFD", lowered)
    stripped = "".join(char for char in decomposed if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", stripped)
