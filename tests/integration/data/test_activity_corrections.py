"""What people say of activities is kept, once for each party and activity."""

from sqlalchemy import Connection

from data import commands, queries
from data.records import ActivityCorrection


def test_last_word_counts(connection: Connection) -> None:
    hotel = ActivityCorrection("call", "c1", "hotel", True)
    commands.correct_activity(connection, hotel)
    commands.correct_activity(connection, ActivityCorrection("investor", "c1", "hotel", True))
    commands.correct_activity(connection, ActivityCorrection("call", "c1", "hotel", False))
    assert queries.activity_corrections(connection) == [
        ActivityCorrection("call", "c1", "hotel", False),
        ActivityCorrection("investor", "c1", "hotel", True),
    ]
