"""The error that every layer raises for a person to read."""

__all__ = ["DatabaseError", "KetnoiError", "NotFound"]


class KetnoiError(Exception):
    """Something that a person can mend: what is wrong, where, and what to do.

    `code` is stable and dotted ("call.not_found"); `message` is one or two sentences in English
    and `message_vi` the same in Vietnamese.
    """

    def __init__(self, code: str, message: str, message_vi: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.message_vi = message_vi or message


class NotFound(KetnoiError):
    """An id that the database does not hold."""


class DatabaseError(KetnoiError):
    """The database cannot be opened, is busy, damaged, or made by a newer release."""
