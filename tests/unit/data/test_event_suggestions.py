"""Where a pair put forward stands."""

from data.event_suggestions import standing


def test_standing_needs_both_sides_in_time() -> None:
    times = {"expires_at": "2026-11-10T00:00:00.000+00:00"}
    before, after = "2026-11-09T23:59:59.999+00:00", "2026-11-10T00:00:00.000+00:00"
    assert standing(("accepted", "pending"), **times, now=before) == "offered"
    assert standing(("accepted", "pending"), **times, now=after) == "lapsed"
    assert standing(("accepted", "accepted"), **times, now=after) == "agreed"
    assert standing(("accepted", "declined"), **times, now=before) == "declined"
