"""Serve an encoder folder's int8 graph with onnxruntime and tokenizers alone, without torch."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import EncoderError
from embeddings.manifest import read_manifest
from embeddings.onnx_export import INPUT, ONNX_FILE, OUTPUT, RECIPE
from embeddings.protocol import Kind, Vectors, activities_beside, checked_texts, normalised

_REMEDY = "Delete the folder to have it made again, or set another encoder."


class OnnxEncoder:
    """An encoder on the CPU; texts run one at a time, spread over threads.

    One text a call wastes nothing on padding and keeps a text's vector the same, to the last bit,
    whatever texts it comes with.

    Args:
        folder: encoder folder with ``model_int8.onnx``, ``tokenizer.json`` and a manifest.
        threads: texts encoded at the same time when several are given; at least 1.
    """

    def __init__(self, folder: Path, *, threads: int = 2) -> None:
        if threads < 1:
            raise EncoderError(
                code="encoder.threads",
                message=f"threads is {threads}; it must be at least 1. Set the number of cores.",
            )
        manifest = read_manifest(folder, kind="encoder", remedy=_REMEDY)
        self._max_length = int(str(manifest.info["max_length"]))
        self._threads = threads
        self._prompts = _prompts(folder)
        self._tokenizer = _tokenizer(folder, self._max_length)
        self._session = _session(folder)
        self._lock = Lock()
        self.id = f"{manifest.info['model']}/onnx-{RECIPE}/{self._max_length}"
        self.dim = int(str(manifest.info["dim"]))
        self.activity_file = activities_beside(folder)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """See :class:`embeddings.protocol.Encoder`."""
        return self._encode(texts, "query")

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """See :class:`embeddings.protocol.Encoder`."""
        return self._encode(texts, "passage")

    def _encode(self, texts: Sequence[str], kind: Kind) -> Vectors:
        prompt = self._prompts[kind]
        tokens = self._tokenise([prompt + text for text in checked_texts(texts)])
        vectors = np.empty((len(tokens), self.dim), dtype=np.float32)
        if len(tokens) == 1:  # in the caller's thread: a query must not wait for a pool
            vectors[0] = self._pooled(tokens[0])
        elif tokens:
            # longest first, so that no thread is left alone with a long one at the end
            order = sorted(range(len(tokens)), key=lambda index: -len(tokens[index]))
            with ThreadPoolExecutor(self._threads) as pool:
                longest_first = (tokens[index] for index in order)
                for index, row in zip(order, pool.map(self._pooled, longest_first), strict=True):
                    vectors[index] = row
        return normalised(vectors)

    def _tokenise(self, texts: list[str]) -> list[list[int]]:
        with self._lock:  # tokenizers shared by threads have mixed up settings before
            return [encoding.ids for encoding in self._tokenizer.encode_batch_fast(texts)]

    def _pooled(self, tokens: list[int]) -> NDArray[np.float32]:
        feed = {INPUT: np.asarray([tokens], dtype=np.int64)}
        hidden: NDArray[np.float32] = self._session.run([OUTPUT], feed)[0]
        return np.asarray(hidden[0].mean(axis=0), dtype=np.float32)


def _prompts(folder: Path) -> dict[str, str]:
    path = folder / "config_sentence_transformers.json"
    try:
        prompts = json.loads(path.read_text(encoding="utf-8"))["prompts"]
        return {"query": str(prompts["query"]), "passage": str(prompts["passage"])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unusable(path, error) from error


def _tokenizer(folder: Path, max_length: int) -> Any:
    from tokenizers import Tokenizer  # noqa: PLC0415 -- slow import

    path = folder / "tokenizer.json"
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises Exception itself
        raise _unusable(path, error) from error
    tokenizer.enable_truncation(max_length)
    tokenizer.no_padding()
    return tokenizer


def _session(folder: Path) -> Any:
    import onnxruntime as ort  # noqa: PLC0415 -- slow import

    options = ort.SessionOptions()
    options.intra_op_num_threads = 1  # threads go to texts, not to the inside of one
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    path = folder / ONNX_FILE
    try:
        return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library's exceptions share no base but Exception
        raise _unusable(path, error) from error


def _unusable(path: Path, error: Exception) -> EncoderError:
    return EncoderError(
        code="encoder.folder", message=f"{path} cannot be used ({error}). {_REMEDY}"
    )
