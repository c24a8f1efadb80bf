"""Reading typed fields out of parsed JSON, collecting every problem with its place."""

import math
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from typing_extensions import TypeIs

from matcher.errors import MatcherError

MAX_LISTED = 50
SCORE_LIMIT = 1e9
_HALF = re.compile("[\ud800-\udfff]")  # JSON can hold half of a pair; no file can
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: where in the file and what, in English and in Vietnamese."""

    place: str
    message: str
    message_vi: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"

    def in_vietnamese(self) -> str:
        return f"{self.place}: {self.message_vi}"


class EventError(MatcherError):
    """The event file cannot be used; `problems` lists all that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        shown = [str(problem) for problem in problems[:MAX_LISTED]]
        shown_vi = [problem.in_vietnamese() for problem in problems[:MAX_LISTED]]
        more = len(problems) - MAX_LISTED
        if more > 0:
            shown.append(f"… and {more} more")
            shown_vi.append(f"… và {more} lỗi khác")
        super().__init__("event.file", "\n".join(shown), "\n".join(shown_vi))


def shorten(value: object, limit: int = 60) -> str:
    """The value as it would be quoted in a message, cut to `limit` characters."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 10**30:
        return f"a number of about {int(value.bit_length() * 0.30103) + 1} digits"
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def is_object(value: object) -> TypeIs[Mapping[str, Any]]:
    """True for a JSON object."""
    return isinstance(value, dict)


@dataclass(slots=True)
class Reader:
    """Collects problems and notices while fields are read; never raises itself."""

    problems: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)

    def fail(self, place: str, message: str, message_vi: str) -> None:
        self.problems.append(Problem(place, message, message_vi))

    def note(self, place: str, message: str, message_vi: str) -> None:
        self.notices.append(Problem(place, message, message_vi))

    def unfit(self, place: str, wanted: tuple[str, str], value: object) -> None:
        """Note that a value is not what is wanted, said in English and in Vietnamese."""
        got = shorten(value)
        self.fail(
            place, f"must be {wanted[0]}, not {got}", f"phải là {wanted[1]}, không phải {got}"
        )

    def records(
        self, source: Mapping[str, Any], key: str, *, required: bool
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Each object in the list `source[key]`, with its place such as `slots[2]`."""
        for place, value in self.items(source, key, required=required):
            if is_object(value):
                yield place, value
            else:
                self.unfit(place, ("an object", "một đối tượng"), value)

    def items(
        self, source: Mapping[str, Any], key: str, *, required: bool
    ) -> Iterator[tuple[str, Any]]:
        """Each item of the list `source[key]`, with its place."""
        values = source.get(key)
        if values is None:
            if required:
                self.fail(
                    key,
                    "is missing; give a list (it may be empty)",
                    "còn thiếu; hãy ghi một danh sách (có thể để trống)",
                )
            return
        if not isinstance(values, list):
            self.unfit(key, ("a list", "một danh sách"), values)
            return
        for number, value in enumerate(values):
            yield f"{key}[{number}]", value

    def text(self, source: Mapping[str, Any], key: str, place: str) -> str:
        """A non-empty string; numbers are not taken for ids."""
        value = source.get(key)
        if isinstance(value, str) and value.strip():
            if _HALF.search(value):
                self.fail(
                    f"{place}.{key}",
                    f"holds half a character: {shorten(value)}",
                    f"có ký tự không trọn vẹn: {shorten(value)}",
                )
            return value
        self.unfit(f"{place}.{key}", ("a non-empty text", "chữ, không để trống"), value)
        return ""

    def optional_text(self, source: Mapping[str, Any], key: str, place: str) -> str | None:
        """A non-empty string, or None when absent, null or empty."""
        return None if source.get(key) in (None, "") else self.text(source, key, place)

    def label(self, source: Mapping[str, Any], key: str, place: str) -> str:
        """A name to be shown: NFC, on one line, without control characters.

        Anything but a text is left out with a notice.
        """
        value = source.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            got = shorten(value)
            self.note(
                f"{place}.{key}",
                f"is not a text but {got}; left out",
                f"không phải là chữ mà là {got}; đã bỏ qua",
            )
            return ""
        return _CONTROL.sub("", " ".join(unicodedata.normalize("NFC", value).split()))

    def texts(self, source: Mapping[str, Any], key: str, place: str) -> frozenset[str]:
        """A set of strings; absent means empty."""
        values = source.get(key)
        if values is None:
            return frozenset()
        if not isinstance(values, list):
            self.unfit(f"{place}.{key}", ("a list of texts", "danh sách các mục bằng chữ"), values)
            return frozenset()
        for number, value in enumerate(values):
            if not isinstance(value, str) or not value.strip():
                self.unfit(f"{place}.{key}[{number}]", ("a text", "chữ"), value)
        return frozenset(value for value in values if isinstance(value, str))

    def known(
        self, source: Mapping[str, Any], key: str, place: str, ids: Collection[str]
    ) -> frozenset[str]:
        """A set of ids, each of which must be in `ids`."""
        values = self.texts(source, key, place)
        for value in sorted(values):
            if value.strip() and value not in ids:
                number = source[key].index(value)
                self.fail(
                    f"{place}.{key}[{number}]",
                    f"{shorten(value)} is not a slot's id",
                    f"{shorten(value)} không phải mã của khung giờ nào",
                )
        return values

    def count(self, source: Mapping[str, Any], key: str, place: str) -> int | None:
        """A whole number from 0, or None when absent."""
        value = source.get(key)
        if value is None:
            return None
        whole = isinstance(value, float) and value.is_integer()
        if isinstance(value, bool) or not (isinstance(value, int) or whole):
            self.unfit(f"{place}.{key}", ("a whole number", "số nguyên"), value)
            return None
        if value < 0:
            self.unfit(f"{place}.{key}", ("0 or more", "số từ 0 trở lên"), value)
            return None
        return int(value)

    def score(self, source: Mapping[str, Any], key: str, place: str) -> float:
        """A finite number within ±10⁹."""
        value = source.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.unfit(f"{place}.{key}", ("a number", "một số"), value)
            return 0.0
        if isinstance(value, float) and not math.isfinite(value):
            self.unfit(f"{place}.{key}", ("a finite number", "một số hữu hạn"), value)
            return 0.0
        if abs(value) > SCORE_LIMIT:
            self.fail(
                f"{place}.{key}",
                f"must lie within ±{SCORE_LIMIT:.0e}, not {shorten(value)}",
                f"phải nằm trong khoảng ±{SCORE_LIMIT:.0e}, không phải {shorten(value)}",
            )
            return 0.0
        return float(value)

    def flag(self, source: Mapping[str, Any], key: str, place: str) -> bool:
        """true or false; absent means false."""
        value = source.get(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.unfit(f"{place}.{key}", ("true or false", "true hoặc false"), value)
        return False

    def extras(self, source: Mapping[str, Any], place: str, names: Collection[str]) -> None:
        """Notice fields that mean nothing here: they may be misspelt."""
        for name in source:
            if name not in names:
                self.note(
                    f"{place}.{name}" if place else name,
                    "is not a known field; ignored",
                    "không phải trường được biết; đã bỏ qua",
                )
