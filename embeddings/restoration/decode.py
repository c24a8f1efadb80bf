"""Choose the likeliest toned reading of a run of unmarked syllables."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.restoration.model import ToneModel

_EDGE, _OTHER = 0, 1


@dataclass(frozen=True)
class DecodeConfig:
    """Weights of the evidence, chosen on texts kept apart (docs/restoring-tones.md)."""

    letters: float = 0.4  # weight of letters and unmarked neighbours beside the syllable model
    readings: int = 9  # readings kept for a syllable
    new_pair: float = 0.6  # multiplies the room left for pairs never seen
    new_triple: float = 2.0  # pseudo-count that backs a triple off to its pair


@dataclass(frozen=True, slots=True)
class _State:
    syllable: int
    score: float
    before: "_State | None"


class Decoder:
    """Viterbi search over toned readings with a syllable pair model, triples on the best path.

    Args:
        model: counts and weights.
        config: how the evidence is weighed.
    """

    def __init__(self, model: ToneModel, config: DecodeConfig | None = None) -> None:
        self.model = model
        self.config = config or DecodeConfig()
        room = model.kinds * self.config.new_pair
        total = model.totals + room + 1e-9
        self._room = np.log((room + 1e-9) / total).tolist()
        self._room[:] = [value if value < 0 else 0.0 for value in self._room]
        self._total = total.tolist()
        self._chance = np.exp(model.unigram.astype(np.float64)).tolist()
        self._unigram = model.unigram.tolist()
        self._new = room.tolist()

    def read(self, words: Sequence[str], allowed: Sequence[Sequence[int] | None]) -> list[int]:
        """Return the likeliest syllable ids.

        `words` are lower-case and unmarked; `allowed[i]` lists the ids to choose from, or is None
        where all readings of the word stand (an unknown word reads as :data:`OTHER`).
        """
        states = [_State(_EDGE, 0.0, None)]
        for place, word in enumerate(words):
            given = allowed[place]
            before = words[place - 1] if place else ""
            after = words[place + 1] if place + 1 < len(words) else ""
            states = self._step(states, self._emissions(word, before, after, given))
        last = max(states, key=lambda state: state.score + self._transition(state, _EDGE))
        return _path(last)

    def known(self, first: int, second: int) -> bool:
        """Tell whether the pair of syllables was ever seen."""
        return first * self.model.size + second in self.model.bigrams

    def _emissions(
        self, word: str, before: str, after: str, given: Sequence[int] | None
    ) -> list[tuple[int, float]]:
        if given is not None:
            return [(syllable, 0.0) for syllable in given]
        span = self.model.readings.get(word)
        if span is None:
            return [(_OTHER, 0.0)]
        start, end = span
        if end - start == 1:
            return [(start, 0.0)]
        scores = self._letters(start, end, before, after)
        rank = scores + self.model.unigram[start:end]
        best = np.argsort(-rank, kind="stable")[: self.config.readings].tolist()
        return [(start + place, float(scores[place])) for place in best]

    def _letters(self, start: int, end: int, before: str, after: str) -> NDArray[np.float32]:
        model = self.model
        scores = model.base[start:end]
        for word, weights in ((before, model.before), (after, model.after)):
            row = model.neighbours.get(word)
            if row is not None:
                scores = scores + model.labels[start:end] @ weights[row]
        scores = scores - scores.max()
        scores = self.config.letters * (scores - math.log(float(np.exp(scores).sum())))
        return np.asarray(scores, dtype=np.float32)

    def _step(self, states: list[_State], emissions: list[tuple[int, float]]) -> list[_State]:
        size, pairs = self.model.size, self.model.bigrams
        rooms = [state.score + self._room[state.syllable] for state in states]
        widest = max(range(len(states)), key=rooms.__getitem__)
        reached = []
        for syllable, emission in emissions:
            best, source = rooms[widest] + self._unigram[syllable], states[widest]
            for state in states:
                if state.syllable * size + syllable in pairs:
                    score = state.score + self._transition(state, syllable)
                    if score > best:
                        best, source = score, state
            reached.append(_State(syllable, best + emission, source))
        return reached

    def _transition(self, state: _State, syllable: int) -> float:
        """Natural logarithm of the chance of a syllable after a state and what led to it."""
        model, first = self.model, state.syllable
        pair = first * model.size + syllable
        count = model.bigrams.get(pair, 0.0)
        chance = (count + self._new[first] * self._chance[syllable]) / self._total[first]
        if count and state.before is not None:
            lead = state.before.syllable * model.size + first
            triple = model.trigrams.get(lead * model.size + syllable)
            if triple:
                seen = model.bigrams.get(lead, triple)
                back = self.config.new_triple
                chance = (triple + back * chance) / (max(seen, triple) + back)
        return math.log(chance + 1e-12)


def _path(last: _State) -> list[int]:
    path: list[int] = []
    state: _State | None = last
    while state is not None and state.before is not None:
        path.append(state.syllable)
        state = state.before
    return path[::-1]
