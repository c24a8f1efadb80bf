"""Simple rules that any model must beat, for both sides. Nothing here is learned but counts."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matcher.lexical import bm25, call_words, dot, term_counts
from matcher.market import FloatArray, IntArray
from matcher.past import Past
from training.dataset import TemporalSplit

_NEAREST = 30


@dataclass(frozen=True)
class Question:
    """What a rule may look at: the past and the open calls."""

    past: Past
    calls: IntArray

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.calls), len(self.past.market.investors)


Rule = Callable[[Question], FloatArray]
"""(n_calls, n_investors) scores of the open calls."""


def random_order(question: Question) -> FloatArray:
    return np.random.default_rng(7).random(question.shape).astype(np.float32)


def popularity(question: Question) -> FloatArray:
    """Number of past deals of the investor, of the call's field for equal ones."""
    return np.asarray(np.broadcast_to(question.past.count, question.shape), dtype=np.float32)


def recent_popularity(question: Question) -> FloatArray:
    """Deals count exp(−age / 1 year)."""
    active = question.past.active(1.0)
    return np.asarray(np.broadcast_to(active, question.shape), dtype=np.float32)


def tf_idf_neighbours(question: Question) -> FloatArray:
    """Votes of the nearest past projects by TF-IDF."""
    words = question.past.market.call_words
    return _votes(dot(words[question.calls], words[question.past.projects]), question)


def bm25_neighbours(question: Question) -> FloatArray:
    """Votes of the nearest past projects by BM25."""
    counts = term_counts(call_words(call) for call in question.past.market.calls)
    query = counts[question.calls]
    query.data = np.ones_like(query.data)
    return _votes(dot(query, bm25(counts)[question.past.projects]), question)


def dense_best_project(question: Question) -> FloatArray:
    """Cosine of the nearest past project of the investor."""
    past = question.past
    cosine = _cosine(question)[:, np.searchsorted(past.projects, past.call)]
    out = np.zeros(question.shape, dtype=np.float32)
    if len(past.deals):
        out[:, past.owners] = np.maximum.reduceat(cosine, past.starts, axis=1)
    return out


def dense_and_popularity(question: Question) -> FloatArray:
    """The cosine of the nearest past project, raised a little by the number of deals."""
    lifted = dense_best_project(question) + 0.02 * np.log1p(question.past.count)
    return np.asarray(lifted, dtype=np.float32)


def dense_neighbours(question: Question) -> FloatArray:
    """Votes of the nearest past projects by embedding (kNN)."""
    return _votes(np.clip((_cosine(question) - 0.75) / 0.25, 0.0, None) ** 4, question)


def neighbours_and_popularity(question: Question) -> FloatArray:
    """Shares of the votes by TF-IDF and of all deals, added."""
    votes = tf_idf_neighbours(question)
    total = votes.sum(axis=1, keepdims=True)
    shares = np.divide(votes, total, out=np.zeros_like(votes), where=total > 0)
    mixed: FloatArray = shares + popularity(question) / max(len(question.past.deals), 1)
    return mixed


def factorisation(question: Question) -> FloatArray:
    """Truncated SVD of past deals (scikit-learn); a new call stands where its neighbours do."""
    from sklearn.decomposition import TruncatedSVD  # noqa: PLC0415 -- slow import

    past = question.past
    deals = past.matrix()[past.projects]
    rank = min(32, min(deals.shape) - 1)
    if rank < 2:
        return popularity(question)
    model = TruncatedSVD(rank, random_state=7).fit(deals)
    near = _nearest(np.clip((_cosine(question) - 0.75) / 0.25, 0.0, None) ** 4)
    return np.asarray(near @ model.transform(deals) @ model.components_, dtype=np.float32)


BASELINES: dict[str, Rule] = {
    "random": random_order,
    "popularity": popularity,
    "recent popularity": recent_popularity,
    "TF-IDF kNN": tf_idf_neighbours,
    "BM25 kNN": bm25_neighbours,
    "TF-IDF kNN + popularity": neighbours_and_popularity,
    "dense best project": dense_best_project,
    "dense + popularity": dense_and_popularity,
    "dense kNN": dense_neighbours,
    "factorisation (SVD)": factorisation,
}


def question_of(split: TemporalSplit) -> Question:
    return Question(Past.before(split.past, split.day), split.calls)


def _cosine(question: Question) -> FloatArray:
    vectors = question.past.market.vectors.calls
    return vectors[question.calls] @ vectors[question.past.projects].T


def _nearest(kernel: FloatArray) -> FloatArray:
    if kernel.shape[1] <= _NEAREST:
        return kernel
    cut = np.partition(kernel, -_NEAREST, axis=1)[:, -_NEAREST][:, None]
    return np.where(kernel >= cut, kernel, 0.0).astype(np.float32)


def _votes(kernel: FloatArray, question: Question) -> FloatArray:
    past = question.past
    deals = past.matrix()[past.projects].T.tocsr()
    return np.asarray((deals @ _nearest(kernel).T).T, dtype=np.float32)
