"""`python -m training.activities`: make the small model that reads activities from vectors.

Takes about five minutes on two cores: every term of the table and some sentences around them are
encoded. The result is a file of about 400 kB, kept beside the code and tied to its encoder.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.reference.activities import LANGUAGES, activities
from data.reference.csvtable import FOLDER
from embeddings.encoder import Encoder, load_encoder
from embeddings.meaning import FILE, PASSAGES, SHORT, unit
from matcher.activities import relations
from training.likelihood import LikelihoodConfig, fit_likelihood
from training.sentences import Example, sentences, terms
from training.understanding_sets import official_titles

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Config:
    """``each``: sentences for an activity and language; ``ridge``: how smooth the weights are;
    ``industry``: weight of an industry class against an activity in the fit, and
    ``industry_scale`` in the comparison of two texts; ``likelihood``: how the second reading of
    the model is fitted, see :mod:`training.likelihood`.
    """

    each: int = 5
    ridge: float = 100.0
    seed: int = 7
    industry: float = 0.3
    industry_scale: float = 0.7
    likelihood: LikelihoodConfig = field(default_factory=LikelihoodConfig)


def main(arguments: Sequence[str] | None = None) -> int:
    """Encode, fit, write; prints one line when done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Path("var"), help="where models are kept")
    parser.add_argument("--encoder", default="e5-small")
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--out", type=Path, default=FILE)
    options = parser.parse_args(arguments)
    from embeddings.cache import CachedEncoder, VectorCache  # noqa: PLC0415 -- slow import

    encoder = load_encoder(options.encoder, cache_dir=options.home / "models")
    cached = CachedEncoder(encoder, VectorCache(options.home / "training-vectors.sqlite"))
    industry = list(industry_titles(options.shared))
    write_model(options.out, encoder=cached, industry=industry, config=Config())
    sys.stdout.write(f"{options.out}: {options.out.stat().st_size} bytes\n")
    return 0


def write_model(
    path: Path, *, encoder: Encoder, industry: Sequence[Example] = (), config: Config = Config()
) -> None:
    """Fit the model to the table's terms and sentences and write it with its manifest.

    ``industry`` are official titles of industry classes: each class beside the activities, so that
    the space in which texts are compared knows what no activity is about.
    """
    bare, spoken = list(terms()), list(sentences(each=config.each, seed=config.seed))
    bare_vectors = encoder.encode_queries([example.text for example in bare])
    spoken_vectors = encoder.encode_queries([example.text for example in spoken])
    means = {
        **{language + SHORT: mean for language, mean in _means(bare, bare_vectors).items()},
        **_means(spoken, spoken_vectors),
        PASSAGES: _passages(encoder),
    }
    centred = [
        unit(bare_vectors - np.stack([means[one.language + SHORT] for one in bare])),
        unit(spoken_vectors - np.stack([means[one.language] for one in spoken])),
    ]
    if industry:
        vectors = encoder.encode_queries([example.text for example in industry])
        middle = _means(industry, vectors, ("vi", "en"))
        centred.append(unit(vectors - np.stack([middle[one.language] for one in industry])))
    classes = dict.fromkeys(example.activity_id for example in industry)
    names = (*activities(), *classes)
    share = np.array([1.0] * len(activities()) + [config.industry] * len(classes))
    examples = [*bare, *spoken, *industry]
    rows = np.concatenate(centred)
    weights = fit(rows, examples, names=names, share=share, ridge=config.ridge)
    weights[len(activities()) :] *= config.industry_scale
    projection, directions = fit_likelihood(
        rows,
        [names.index(example.activity_id) for example in examples],
        share=share,
        kin=_kin(names),
        config=config.likelihood,
    )
    parts = {"weights": weights, "projection": projection, "classes": directions}
    _write(path, names=names, parts=parts, means=means, encoder=encoder.id)
    _write_manifest(path, config=config, encoder=encoder.id, examples=len(rows))


def fit(
    vectors: Matrix,
    examples: Sequence[Example],
    *,
    names: Sequence[str],
    share: NDArray[np.float64],
    ridge: float,
) -> Matrix:
    """Ridge regression of the vectors on their classes, each class of weight ``share``."""
    where = {name: column for column, name in enumerate(names)}
    owner = np.array([where[example.activity_id] for example in examples])
    count = np.bincount(owner, minlength=len(names))
    weight = (share[owner] / count[owner]).astype(np.float32)
    weight /= weight[share[owner] == 1.0].mean()
    target = np.zeros((len(vectors), len(names)), dtype=np.float32)
    target[np.arange(len(owner)), owner] = 1.0
    weighted = vectors * weight[:, None]
    gram = weighted.T @ vectors + ridge * np.eye(vectors.shape[1], dtype=np.float32)
    return np.asarray(np.linalg.solve(gram, weighted.T @ target).T, dtype=np.float32)


def industry_titles(shared: Path) -> Iterator[Example]:
    """Titles of groups and classes of the choosing half of codes, in Vietnamese and English."""
    for code, en, vi in official_titles(shared):
        yield Example(f"isic:{code}", "vi", vi)
        yield Example(f"isic:{code}", "en", en)


def _means(
    examples: Sequence[Example], vectors: Matrix, languages: Sequence[str] = LANGUAGES
) -> dict[str, Matrix]:
    spoken = np.array([example.language for example in examples])
    return {language: vectors[spoken == language].mean(axis=0) for language in languages}


def _passages(encoder: Encoder) -> Matrix:
    texts = [f"{one.name_vi}. {one.name_en}" for one in activities().values()]
    return np.asarray(encoder.encode_passages(texts).mean(axis=0), dtype=np.float32)


def _kin(names: Sequence[str]) -> Matrix:
    """How near the classes are to each other; an industry class only to itself."""
    out = np.eye(len(names), dtype=np.float32)
    known = relations()
    out[: len(known), : len(known)] = np.maximum(known, known.T)
    return out


def _write(
    path: Path,
    *,
    names: Sequence[str],
    parts: dict[str, Matrix],
    means: dict[str, Matrix],
    encoder: str,
) -> None:
    """Write matrices as whole numbers with a scale for each row."""
    packed: dict[str, NDArray[np.generic]] = {}
    for part, matrix in parts.items():
        scale = np.abs(matrix).max(axis=1) / 127.0
        packed[part] = np.rint(matrix / scale[:, None]).astype(np.int8)
        packed[f"{part}_scale"] = scale.astype(np.float32)
    middles = np.stack(list(means.values())).astype(np.float16)
    with path.open("wb") as stream:
        np.savez_compressed(
            stream,
            allow_pickle=False,
            encoder_id=np.array(encoder),
            names=np.array(names),
            languages=np.array(list(means)),
            means=middles,
            **packed,
        )


def _write_manifest(path: Path, *, config: Config, encoder: str, examples: int) -> None:
    table = (FOLDER / "activities.csv").read_bytes()
    manifest = {
        "model": {"file": path.name, "sha256": sha256(path.read_bytes()).hexdigest()},
        "encoder": encoder,
        "examples": examples,
        "sentences_each": config.each,
        "ridge": config.ridge,
        "seed": config.seed,
        "likelihood": asdict(config.likelihood),
        "sources": {"activities.csv": sha256(table).hexdigest()},
    }
    path.with_suffix(".json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
