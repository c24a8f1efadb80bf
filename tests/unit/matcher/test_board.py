from datetime import date

import numpy as np

from matcher.board import Board, Boards

DAY, NEXT = date(2026, 1, 1), date(2026, 1, 2)


class Maker:
    """Counts what it is asked for."""

    def __init__(self) -> None:
        self.days: list[date] = []

    def __call__(self, day: date) -> Board:
        self.days.append(day)
        return Board(np.arange(2), np.zeros((2, 3), dtype=np.float32), None)


def test_a_board_is_made_once_a_day() -> None:
    make = Maker()
    boards = Boards(make)
    assert boards(DAY) is boards(DAY)
    boards(NEXT)
    assert make.days == [DAY, NEXT]


def test_a_board_that_is_too_large_is_not_kept() -> None:
    make = Maker()
    boards = Boards(make, most=5)
    boards(DAY)
    boards(DAY)
    assert make.days == [DAY, DAY]
