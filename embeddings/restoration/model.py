"""The shipped language model of the restorer: counts of toned syllables, read from one .npz."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import ArtifactError
from embeddings.restoration.syllables import plain

MODEL_FILE = Path(__file__).parent.parent / "models" / "tones.npz"
FORMAT = 1
EDGE = "<s>"  # begins and ends a run of words: punctuation, start and end of text
OTHER = "<x>"  # a number, a code, a word of another language


@dataclass(frozen=True)
class ToneModel:
    """Counts over a vocabulary of lower-case NFC syllables sorted by their unmarked form.

    Args:
        syllables: the vocabulary; ids are positions, `EDGE` is 0 and `OTHER` is 1.
        unigram: natural logarithm of each syllable's probability; shape (vocabulary,).
        bigrams: ``first * size + second`` → weighted count.
        trigrams: ``(first * size + second) * size + third`` → weighted count.
        base: log weight of each syllable from its letters; shape (vocabulary,).
        labels: how often each letter mark occurs in a syllable; shape (vocabulary, marks).
        before, after: weight of each mark next to an unmarked neighbour; shape (words, marks).
        neighbours: unmarked syllable → row in `before` and `after`.
        english: natural logarithm of the probability of common English words.
    """

    syllables: tuple[str, ...]
    unigram: NDArray[np.float32]
    bigrams: dict[int, float]
    trigrams: dict[int, float]
    totals: NDArray[np.float64]
    kinds: NDArray[np.float64]
    base: NDArray[np.float32]
    labels: NDArray[np.float32]
    before: NDArray[np.float32]
    after: NDArray[np.float32]
    neighbours: dict[str, int]
    english: dict[str, float]

    @property
    def size(self) -> int:
        """How many syllables the vocabulary has."""
        return len(self.syllables)

    @cached_property
    def ids(self) -> dict[str, int]:
        """Toned syllable → id."""
        return {syllable: index for index, syllable in enumerate(self.syllables)}

    @cached_property
    def readings(self) -> dict[str, tuple[int, int]]:
        """Unmarked syllable → half-open range of ids of its toned readings."""
        ranges: dict[str, tuple[int, int]] = {}
        for index, syllable in enumerate(self.syllables):
            if index > 1:
                key = plain(syllable)
                ranges[key] = (ranges[key][0] if key in ranges else index, index + 1)
        return ranges

    @cached_property
    def frequency(self) -> dict[str, float]:
        """Unmarked syllable → natural logarithm of its probability in Vietnamese."""
        chance = np.exp(self.unigram)
        return {
            key: float(np.log(chance[start:end].sum()))
            for key, (start, end) in self.readings.items()
        }

    @cached_property
    def folded_pairs(self) -> dict[tuple[str, str], float]:
        """Unmarked neighbours → the highest count among their toned readings."""
        folded = [plain(syllable) for syllable in self.syllables]
        pairs: dict[tuple[str, str], float] = {}
        for key, count in self.bigrams.items():
            first, second = divmod(key, self.size)
            pair = (folded[first], folded[second])
            if count > pairs.get(pair, 0.0):
                pairs[pair] = count
        return pairs


def load_model(path: Path = MODEL_FILE) -> ToneModel:
    """Read the shipped model.

    Raises:
        ArtifactError: the file is missing, damaged or of another format.
    """
    try:
        with path.open("rb") as handle, np.load(handle, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        if int(arrays["format"]) != FORMAT:
            raise ValueError("its format is another one")
        return _from_arrays(arrays)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise ArtifactError(
            code="restorer.model",
            message=f"The tone restorer's model {path.name} can't be read ({error}). "
            "Reinstall the package, or make it again: python -m training.restorer",
        ) from error


def save_model(path: Path, arrays: dict[str, NDArray[np.generic]]) -> None:
    """Write arrays as :func:`load_model` reads them; same arrays, same bytes."""
    np.savez_compressed(path, allow_pickle=False, format=np.array(FORMAT), **arrays)


def pack_words(words: list[str]) -> NDArray[np.generic]:
    """Return strings without line breaks as one byte array."""
    return np.frombuffer("\n".join(words).encode("utf-8"), dtype=np.uint8)


def _unpack(packed: NDArray[np.generic]) -> list[str]:
    return packed.tobytes().decode("utf-8").split("\n")


def _from_arrays(arrays: dict[str, NDArray[np.generic]]) -> ToneModel:
    syllables = tuple(_unpack(arrays["syllables"]))
    size = len(syllables)
    pairs = arrays["pairs"].astype(np.int64)
    triples = arrays["triples"].astype(np.int64)
    counts = arrays["pair_counts"].astype(np.float64)
    codes = (triples[:, 0] * size + triples[:, 1]) * size + triples[:, 2]
    english = _unpack(arrays["english"])
    return ToneModel(
        syllables=syllables,
        unigram=arrays["unigram"].astype(np.float32),
        bigrams=dict(
            zip((pairs[:, 0] * size + pairs[:, 1]).tolist(), counts.tolist(), strict=True)
        ),
        trigrams=dict(
            zip(codes.tolist(), arrays["triple_counts"].astype(np.float64).tolist(), strict=True)
        ),
        totals=np.bincount(pairs[:, 0], weights=counts, minlength=size).astype(np.float64),
        kinds=np.bincount(pairs[:, 0], minlength=size).astype(np.float64),
        base=arrays["base"].astype(np.float32),
        labels=arrays["labels"].astype(np.float32),
        before=arrays["before"].astype(np.float32) * np.float32(arrays["scale"]),
        after=arrays["after"].astype(np.float32) * np.float32(arrays["scale"]),
        neighbours={word: row for row, word in enumerate(_unpack(arrays["neighbours"]))},
        english=dict(
            zip(english, arrays["english_weights"].astype(np.float64).tolist(), strict=True)
        ),
    )
