"""The choosing set of the training: terms and titles that it did not see."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.reference.activities import activities
from embeddings.meaning import unit
from embeddings.packaged import PROMPTS
from training.finetune.lowrank import TunableEncoder
from training.finetune.texts import held, held_term
from training.sentences import Example, terms
from training.understanding_sets import Title, half_of_code, titles

_TERMS = 250


@dataclass(frozen=True)
class ChoosingSet:
    """``terms`` of activities kept back, and the ``titles`` of the choosing half of codes, of which
    those of ``held`` rows were kept back."""

    terms: tuple[Example, ...]
    titles: tuple[Title, ...]
    held: tuple[int, ...]

    def __call__(self, encoder: TunableEncoder) -> float:
        """Mean of how often the first answer is right: titles vi → en and en → vi, and terms in
        five languages → Vietnamese names of the activities; 0 to 1."""
        spoken = {
            language: _vectors(encoder, [getattr(title, language) for title in self.titles])
            for language in ("vi", "en")
        }
        near = spoken["en"] @ spoken["vi"].T
        rows = list(self.held)
        right = [(matrix[rows].argmax(axis=1) == rows).mean() for matrix in (near, near.T)]
        return float((np.mean(right) + self._terms(encoder)) / 2)

    def _terms(self, encoder: TunableEncoder) -> float:
        keys = list(activities())
        names = _vectors(encoder, [one.name_vi for one in activities().values()])
        said = _vectors(encoder, [one.text for one in self.terms])
        language = np.array([one.language for one in self.terms])
        for each in set(language):
            said[language == each] -= said[language == each].mean(axis=0)
        best = (unit(said) @ unit(names - names.mean(axis=0)).T).argmax(axis=1)
        return float(np.mean(best == [keys.index(one.activity_id) for one in self.terms]))


def choosing_set(shared: Path, *, seed: int = 1) -> ChoosingSet:
    """Draw the set; the same for the same seed."""
    kept = [one for one in terms() if held_term(one.text)]
    drawn = np.random.default_rng(seed).permutation(len(kept))[:_TERMS]
    known = [title for title in titles(shared) if half_of_code(title.code) == "choose"]
    rows = [row for row, title in enumerate(known) if held(title.code[:3])]
    return ChoosingSet(tuple(kept[row] for row in drawn), tuple(known), tuple(rows))


def _vectors(encoder: TunableEncoder, texts: list[str]) -> NDArray[np.float32]:
    return encoder.vectors([PROMPTS["query"] + text for text in texts])
