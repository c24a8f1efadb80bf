"""Any sentence-transformers model behind the encoder contract, run by torch in float32."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from embeddings.errors import ArtifactError, EncoderError
from embeddings.manifest import read_manifest, sha256_of
from embeddings.protocol import Vectors, activities_beside, checked_texts, normalised

_WEIGHTS = ("*.safetensors", "*.bin")


class SentenceTransformerEncoder:
    """An encoder from a folder or a hub id; its own prompts, pooling and maximum length apply.

    Args:
        name: folder of a sentence-transformers model, or a hub id such as
            ``intfloat/multilingual-e5-base`` (needs the network once).
        batch_size: texts a forward pass.
    """

    def __init__(self, name: str, *, batch_size: int = 32) -> None:
        self._model: Any = _load(name)
        self._batch_size = batch_size
        self._lock = Lock()  # tokenizer and model are shared; see TRAPS of this stack
        self.dim = int(self._model.get_embedding_dimension())
        self.id = f"{_model_id(name, self._model)}/torch-fp32/{self._model.max_seq_length}"
        self.activity_file = activities_beside(Path(name))

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """See :class:`embeddings.protocol.Encoder`."""
        return self._encode(texts, self._model.encode_query)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """See :class:`embeddings.protocol.Encoder`."""
        return self._encode(texts, self._model.encode_document)

    def _encode(self, texts: Sequence[str], encode: Any) -> Vectors:
        clean = checked_texts(texts)
        if not clean:
            return np.empty((0, self.dim), dtype=np.float32)
        with self._lock:
            rows = encode(
                clean,
                batch_size=self._batch_size,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        return normalised(rows)


def _load(name: str) -> Any:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 -- slow import
    from transformers.utils import logging as bars  # noqa: PLC0415 -- slow import

    bars.disable_progress_bar()  # type: ignore[no-untyped-call]  # it draws into pipes as well
    try:
        return SentenceTransformer(name, device="cpu")
    except Exception as error:  # hub, file and format errors share no base but Exception
        raise EncoderError(
            code="encoder.load",
            message=f"The encoder {name!r} cannot be loaded ({type(error).__name__}: {error}). "
            "Give 'e5-small', 'hashing', the folder of a sentence-transformers model, or a hub id "
            "this machine can reach.",
        ) from error


def _model_id(name: str, model: Any) -> str:
    folder = Path(name)
    if not folder.is_dir():
        revision = getattr(getattr(model[0], "auto_model", None), "config", None)
        return f"{name}@{getattr(revision, '_commit_hash', None) or 'unknown'}"
    try:
        return str(read_manifest(folder, kind="encoder", remedy="").info["model"])
    except (ArtifactError, KeyError):
        weights = sorted(path for pattern in _WEIGHTS for path in folder.rglob(pattern))
        joined = " ".join(sha256_of(path) for path in weights)
        return f"{folder.resolve().name}-{hashlib.sha256(joined.encode()).hexdigest()[:8]}"
