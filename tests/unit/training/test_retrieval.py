"""The retrieval figures on a collection whose right answer is known by construction."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from embeddings.encoder import HashingEncoder
from embeddings.protocol import Vectors
from training.retrieval import Direction, RetrievalEvaluation, read_collection, without_tones


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tables = {
        "queries_vi": "query_id\tquestion\tanswer\nq1\tcảng biển\t-\nq2\tđiện gió\t-\n",
        "passages_vi": "passage_id\ttext\np1\tcảng biển Nghi Sơn\np2\tnhà máy điện gió\n",
        "qrels": "query_id\tpassage_id\trelevance\nq1\tp1\t1\nq2\tp1\t1\nq2\tp2\t0\n",
    }
    for name, text in tables.items():
        (tmp_path / f"{name}.tsv").write_text(text, encoding="utf-8")
    return tmp_path


def test_figures_count_right_and_wrong_answers(folder: Path) -> None:
    evaluation = RetrievalEvaluation(HashingEncoder(), read_collection(folder))
    figures = evaluation(direction=Direction("vi", "vi"))
    assert (figures.queries, figures.recall_at_1, figures.recall_at_10) == (2, 0.5, 1.0)
    assert figures.mrr_at_10 == 0.75


def test_sample_is_the_same_each_time(folder: Path) -> None:
    draws = {tuple(read_collection(folder, sample=1).answers) for _ in range(5)}
    assert len(draws) == 1


def test_tones_are_stripped_and_case_is_kept() -> None:
    assert without_tones("Đầu tư bệnh viện quốc tế") == "Dau tu benh vien quoc te"


@pytest.mark.parametrize(
    ("direction", "name"),
    [
        (Direction("en", "vi"), "en→vi"),
        (Direction("vi", "vi", toneless=True), "vi (no tones)→vi"),
        (
            Direction("vi", "vi", toneless=True, restored=True, words=0.2),
            "vi (no tones, restored)→vi, with words",
        ),
    ],
)
def test_a_direction_says_how_its_questions_are_asked(direction: Direction, name: str) -> None:
    assert direction.name == name


def test_restored_questions_are_read_like_toned_ones(folder: Path) -> None:
    asked: list[list[str]] = []

    class Listening(HashingEncoder):
        def encode_queries(self, texts: Sequence[str]) -> Vectors:
            asked.append(list(texts))
            return super().encode_queries(texts)

    evaluation = RetrievalEvaluation(Listening(), read_collection(folder))
    evaluation(direction=Direction("vi", "vi", toneless=True))
    evaluation(direction=Direction("vi", "vi", toneless=True, restored=True))
    assert asked == [["cang bien", "dien gio"], ["cảng biển", "điện gió"]]


def test_words_outweigh_vectors_that_are_wrong(folder: Path) -> None:
    class Misled(HashingEncoder):
        def encode_queries(self, texts: Sequence[str]) -> Vectors:
            return super().encode_passages(["cảng biển Nghi Sơn"] * len(texts))

    (folder / "qrels.tsv").write_text(
        "query_id\tpassage_id\trelevance\nq1\tp1\t1\nq2\tp2\t1\n", encoding="utf-8"
    )
    evaluation = RetrievalEvaluation(Misled(), read_collection(folder))
    asked = Direction("vi", "vi", toneless=True)
    assert evaluation(direction=asked).mrr_at_10 == 0.75
    assert evaluation(direction=replace(asked, words=5.0)).mrr_at_10 == 1.0
