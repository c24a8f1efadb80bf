"""Tesseract, an optional program of the system: pictures in, words with confidences out.

Pictures go in and words come out through pipes, so that nothing is left in any folder.
"""

import csv
import io
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from PIL import Image

PROGRAM = "tesseract"
VIETNAMESE = "vie"
ENGLISH = "eng"
HOW_TO_INSTALL = "apt install tesseract-ocr tesseract-ocr-vie"
_SECONDS = 240.0  # for one picture; a page takes two, on a busy machine many more
_WORD_LEVEL = "5"
_COLUMNS = 12


class TesseractError(RuntimeError):
    """The program is there but did not read a picture."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as read: its box in pixels, line, and confidence from 0 to 1."""

    text: str
    left: int
    top: int
    right: int
    bottom: int
    line: tuple[int, int, int]
    confidence: float

    @property
    def middle(self) -> float:
        """Return the height of its middle."""
        return (self.top + self.bottom) / 2


def languages() -> frozenset[str]:
    """Return the languages that Tesseract reads on this machine, none where it is missing.

    That it is missing is not remembered: a running worker takes it up once it is installed.
    """
    found = _asked()
    if not found:
        _asked.cache_clear()
    return found


@cache
def _asked() -> frozenset[str]:
    program = shutil.which(PROGRAM)
    if program is None:
        return frozenset()
    try:
        done = subprocess.run(  # noqa: S603 -- a program of the system, fixed arguments
            [program, "--list-langs"], capture_output=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return frozenset()
    lines = (done.stdout or done.stderr).decode(errors="replace").splitlines()
    return frozenset(line.strip() for line in lines[1:] if line.strip())


def available() -> bool:
    """Tell whether Tesseract is installed with its Vietnamese data."""
    return VIETNAMESE in languages()


def read_words(
    picture: Image.Image, *, block: bool = True, language: str = VIETNAMESE, dpi: int = 300
) -> list[Word]:
    """Return the words of a picture in reading order.

    `block` tells that it is one block of lines; otherwise the page's layout is found. Raises
    TesseractError when the program fails or takes longer than four minutes.
    """
    stream = io.BytesIO()
    picture.save(stream, "PNG", compress_level=1)
    told = ["stdin", "stdout", "-l", language, "--psm", "6" if block else "3", "--dpi", str(dpi)]
    return _words(_run([*told, "tsv"], stream.getvalue()))


def _run(arguments: Sequence[str], data: bytes) -> str:
    program = shutil.which(PROGRAM)
    if program is None:
        raise TesseractError("Tesseract is not installed")
    # One thread: more of them compete with each other and are slower for pictures of this size.
    limited = [each for each in (shutil.which("env"), "OMP_THREAD_LIMIT=1") if each]
    command = [*(limited if len(limited) == 2 else ()), program, *arguments]
    try:
        done = subprocess.run(  # noqa: S603 -- a program of the system, fixed arguments
            command, input=data, capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise TesseractError(f"it took longer than {_SECONDS:.0f} seconds") from None
    except OSError as error:
        raise TesseractError(str(error)) from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise TesseractError(said[-1] if said else f"it ended with {done.returncode}")
    return done.stdout.decode(errors="replace")


def _words(table: str) -> list[Word]:
    found = []
    for row in csv.reader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        if len(row) < _COLUMNS or row[0] != _WORD_LEVEL or not row[11].strip():
            continue
        left, top, width, height = (int(row[at]) for at in range(6, 10))
        line = (int(row[2]), int(row[3]), int(row[4]))
        sure = max(0.0, min(1.0, float(row[10]) / 100))
        found.append(Word(row[11].strip(), left, top, left + width, top + height, line, sure))
    return found
