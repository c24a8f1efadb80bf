"""The contract of an encoder: texts in, unit vectors out, the same vector for the same text."""

import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import EncoderError

Kind = Literal["query", "passage"]
Vectors = NDArray[np.float32]

ACTIVITIES = "activities.npz"  # in the folder of an encoder that brings its own


class Encoder(Protocol):
    """Turns texts into vectors whose inner product is their cosine similarity.

    A text's vector depends on the text and its kind alone, never on the other texts of the call,
    and NFC and NFD forms of a text have the same vector. Safe to share between threads.
    """

    @property
    def id(self) -> str:
        """Names model, runtime and maximum length: equal ids mean interchangeable vectors."""
        ...

    @property
    def dim(self) -> int:
        """Length of a vector."""
        ...

    @property
    def activity_file(self) -> Path | None:
        """The activity model that was fitted to this encoder; None for the one that ships."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode what is searched with; shape (n, dim), rows of length 1, n may be 0."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Encode what is searched for; shape (n, dim), rows of length 1, n may be 0."""
        ...


def activities_beside(folder: Path) -> Path | None:
    """The activity model in an encoder's folder, if it holds one."""
    path = folder / ACTIVITIES
    return path if path.is_file() else None


def checked_texts(texts: Sequence[str]) -> list[str]:
    """Return the texts in NFC, lone surrogates replaced by "?".

    Raises:
        EncoderError: a single string in place of a sequence, or an element that is no string.
    """
    if isinstance(texts, str):
        raise EncoderError(
            code="encoder.texts",
            message=f"One text was given ({texts[:40]!r}) where a list is needed. Give [text].",
        )
    for position, text in enumerate(texts):
        if not isinstance(text, str):
            raise EncoderError(
                code="encoder.texts",
                message=f"Text {position} is {text!r}, not a string. "
                "Leave unknown texts out before encoding.",
            )
    return [_clean(text) for text in texts]


def normalised(vectors: NDArray[np.floating]) -> Vectors:
    """Rows scaled to length 1, as float32; rows must not be zero."""
    rows = np.asarray(vectors, dtype=np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8"))
