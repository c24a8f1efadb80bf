"""The errors of matching."""

from data.errors import KetnoiError


class MatcherError(KetnoiError):
    """A match cannot be made: the code names which part, the message what to do."""
