"""General Vietnamese for the restorer: a published letter-mark model, word list and vocabulary.

The package `pyvi` (MIT) gives a character model of marks and a word list; the packaged encoder's
vocabulary (MIT) gives how frequent syllables are. Needed only when the model is made again.
"""

import importlib
import importlib.util
import re
import tempfile
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.reference.spelling import nfc, tone_placement
from embeddings.errors import ArtifactError
from embeddings.packaged import packaged_file
from embeddings.q4 import read_packed
from embeddings.restoration.syllables import plain

_TONE = {"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_SHAPE = {"\u0302": "m", "\u0306": "w", "\u031b": "w"}
_STATE = re.compile(r"^  \(0\) (.*) --> (\w+): (-?[\d.]+)$")
_MOVE = re.compile(r"^  \(1\) (\w+) --> (\w+): (-?[\d.]+)$")


@dataclass(frozen=True)
class Teacher:
    """Weights of the published model: (attribute → label → weight) and (label, label) → weight."""

    states: dict[str, dict[str, float]]
    moves: dict[tuple[str, str], float]
    words: tuple[str, ...]
    pieces: dict[str, float]

    def base(self, syllable: str) -> float:
        """Log weight of a toned syllable from its own letters, without neighbours."""
        letters, marks = plain(syllable), letter_marks(syllable)
        total, last = 0.0, "L"
        for place, mark in enumerate(marks):
            total += sum(self._state(name, mark) for name in _attributes(letters, place))
            total += self.moves.get((last, mark), 0.0)
            last = mark
        return total + self.moves.get((last, "L"), 0.0)

    def neighbour(self, side: str, word: str, mark: str) -> float:
        """Weight of a letter mark when the unmarked word stands at `side` ("-1" or "1")."""
        return self._state(f"{side}_word_:{word}", mark)

    def _state(self, name: str, mark: str) -> float:
        return self.states.get(name, {}).get(mark, 0.0)


def load_teacher() -> Teacher:
    """Read the installed package and the packaged vocabulary.

    Raises:
        ArtifactError: pyvi or its reader is not installed.
    """
    spec = importlib.util.find_spec("pyvi")
    place = next(iter(spec.submodule_search_locations or []), None) if spec else None
    if place is None or importlib.util.find_spec("pycrfsuite") is None:
        raise ArtifactError(
            code="restorer.teacher",
            message="The package pyvi is not installed; the restorer's model can't be made "
            "without it. Run: pip install pyvi==0.1.1",
        )
    folder = Path(place) / "models"
    states, moves = _weights(folder / "vidiac.crfsuite")
    words = (folder / "words.txt").read_text("utf-8").splitlines()
    pieces = {
        piece[1:]: score
        for piece, score in read_packed(packaged_file()).vocabulary.pieces
        if piece.startswith("\u2581")
    }
    return Teacher(states, moves, tuple(_clean(word) for word in words if word.strip()), pieces)


def _clean(word: str) -> str:
    return tone_placement(nfc(word.strip().lower()))


def _weights(path: Path) -> tuple[dict[str, dict[str, float]], dict[tuple[str, str], float]]:
    pycrfsuite = importlib.import_module("pycrfsuite")  # needed only to make the model again

    tagger = pycrfsuite.Tagger()
    tagger.open(str(path))
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "weights.txt"
        tagger.dump(str(dump))
        lines = dump.read_text("utf-8", errors="replace").splitlines()
    states: dict[str, dict[str, float]] = defaultdict(dict)
    moves: dict[tuple[str, str], float] = {}
    for line in lines:
        if found := _STATE.match(line):
            states[found[1]][found[2]] = float(found[3])
        elif found := _MOVE.match(line):
            moves[found[1], found[2]] = float(found[3])
    return dict(states), moves


def letter_marks(syllable: str) -> list[str]:
    """Return the mark of each letter in the published model's notation: L, Lm, Lws …"""
    marks = []
    for letter in syllable:
        if letter == "đ":
            marks.append("Lm")
            continue
        parts = unicodedata.normalize("NFD", letter)[1:]
        shape = "".join(_SHAPE.get(part, "") for part in parts)
        marks.append("L" + shape + "".join(_TONE.get(part, "") for part in parts))
    return marks


def _attributes(letters: str, place: int) -> list[str]:
    """Names of the attributes of one letter of a lower-case word between spaces."""
    framed = f" {letters} "
    at = place + 1
    names = ["bias", f"current_char_{{}}:{letters[place]}", f"inner_word_: {letters}"]
    names += [f"{other - at}_char_:{framed[other]}" for other in range(len(framed)) if other != at]
    return names


def mark_table(teacher: Teacher) -> list[str]:
    """Return the lower-case labels of the published model in a fixed order."""
    found = {mark for by_mark in teacher.states.values() for mark in by_mark}
    return sorted(mark for mark in found if mark.startswith("L"))


def neighbour_table(
    teacher: Teacher, words: list[str], marks: list[str]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return weights beside each unmarked word before, and after; shapes (words, marks)."""
    sides = [
        [[teacher.neighbour(side, word, mark) for mark in marks] for word in words]
        for side in ("-1", "1")
    ]
    return np.array(sides[0], dtype=np.float32), np.array(sides[1], dtype=np.float32)
