"""Measure the tone restorer: `python -m training.restorer_measure [--shared DIR]`.

Syllable accuracy on texts kept from training, share of other languages left untouched, speed, and
the published restorer `pyvi` beside it when installed.
"""

import argparse
import csv
import importlib
import importlib.util
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from data.reference.spelling import nfc, tone_placement
from embeddings.restoration.model import load_model, save_model
from embeddings.restoration.syllables import WORD, plain
from embeddings.restore import ToneRestorer
from training.restorer import REPOSITORY, build
from training.restorer_texts import cells, held_out, is_vietnamese, key_of, runs, sources

HOLD_OUT = 0.3
Restore = Callable[[str], str]


def evaluation_texts(way: str, part: str) -> list[str]:
    """Return the profiles and goods queries of one way of writing in one part.

    "fresh" are the profiles of `profiles_c.csv`, all of them; the halves are of the other files,
    without `profiles_d.csv`, which is kept for the search.
    """
    folder = REPOSITORY / "data" / "evaluation"
    fresh = {folder / "profiles_c.csv"}
    older = {*folder.glob("profiles_[ab].csv"), *folder.glob("goods_queries*.csv")}
    return [
        nfc(row["text"])
        for path in sorted(fresh if part == "fresh" else older)
        for row in rows(path)
        if row["way"] == way and part in {row["half"], "fresh"}
    ]


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV or TSV file."""
    with path.open(encoding="utf-8", newline="") as handle:
        if path.suffix == ".tsv":
            yield from csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)
        else:
            yield from csv.DictReader(handle)


def xquad_questions(shared: Path, language: str) -> list[str]:
    """Return the XQuAD questions, which no part of the model was made from."""
    folder = shared / "data" / "public" / "xquad_vi_en"
    return [nfc(row["question"]) for row in rows(folder / f"queries_{language}.tsv")]


def held_out_texts(shared: Path) -> list[str]:
    """Return the Vietnamese cells of project rows that a model made with HOLD_OUT never read."""
    texts = {
        key_of(cell.text): cell.text
        for cell in cells(sources(REPOSITORY, shared))
        if held_out(cell, HOLD_OUT)
        and is_vietnamese([word for run in runs(cell.text) for word in run])
    }
    return list(texts.values())


def accuracy(restore: Restore, texts: Sequence[str]) -> float:
    """Share of syllables restored right, letter case aside, from texts stripped of their marks."""
    right = total = 0
    for text in texts:
        toned = tone_placement(nfc(text))
        wanted = WORD.findall(toned.lower())
        got = WORD.findall(tone_placement(nfc(restore(plain(toned)))).lower())
        total += len(wanted)
        if len(got) == len(wanted):
            right += sum(one == other for one, other in zip(wanted, got, strict=True))
    return right / total


def untouched(restore: Restore, texts: Sequence[str]) -> float:
    """Share of texts that come back as they were."""
    return sum(restore(text) == text for text in texts) / len(texts)


def milliseconds(restore: Restore, texts: Sequence[str]) -> float:
    """Mean processor time for one text."""
    start = time.process_time()
    for text in texts:
        restore(text)
    return 1000 * (time.process_time() - start) / len(texts)


def _held_out_restorer(shared: Path) -> ToneRestorer:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "tones.npz"
        save_model(path, build(shared, hold_out=HOLD_OUT))
        return ToneRestorer(load_model(path))


def report(shared: Path) -> Iterator[str]:
    """Yield the lines of the table in docs/restoring-tones.md."""
    shipped = ToneRestorer()
    restorers: dict[str, Restore] = {"own": shipped}
    if importlib.util.find_spec("pyvi"):
        restorers["pyvi"] = importlib.import_module("pyvi.ViUtils").add_accents
    questions = xquad_questions(shared, "vi")
    texts = {
        "profiles, choose": evaluation_texts("vi", "choose"),
        "profiles, report": evaluation_texts("vi", "report"),
        "profiles, fresh": evaluation_texts("vi", "fresh"),
        "XQuAD questions": questions,
    }
    for name, restore in restorers.items():
        for what, sample in texts.items():
            yield f"accuracy\t{name}\t{what}\t{len(sample)}\t{accuracy(restore, sample):.4f}"
        spent = milliseconds(restore, [plain(text) for text in questions])
        yield f"ms a text\t{name}\tXQuAD questions\t{len(questions)}\t{spent:.2f}"
    projects = held_out_texts(shared)
    apart = _held_out_restorer(shared)
    yield f"accuracy\town, 70 %\theld-out rows\t{len(projects)}\t{accuracy(apart, projects):.4f}"
    if "pyvi" in restorers:
        other = accuracy(restorers["pyvi"], projects)
        yield f"accuracy\tpyvi\theld-out rows\t{len(projects)}\t{other:.4f}"
    yield from _untouched_lines(shipped, shared, questions)


def _untouched_lines(restore: Restore, shared: Path, questions: list[str]) -> Iterator[str]:
    kept = {"XQuAD questions, en": xquad_questions(shared, "en"), "XQuAD, toned vi": questions}
    for way in ("vi", "en", "ko", "ja", "zh"):
        parts = ("choose", "report", "fresh")
        kept[f"profiles, {way}"] = [text for part in parts for text in evaluation_texts(way, part)]
    for what, sample in kept.items():
        yield f"untouched\town\t{what}\t{len(sample)}\t{untouched(restore, sample):.4f}"


def main(arguments: list[str] | None = None) -> int:
    """Print the table, one tab-separated line a figure; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.restorer_measure")
    parser.add_argument("--shared", type=Path, default=REPOSITORY.parent / "shared")
    for line in report(parser.parse_args(arguments).shared):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
