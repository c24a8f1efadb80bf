"""A doubt: a short question to a person where reading a text leaves two answers open."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Doubt:
    """A question about one value, asked in both languages, with the answers that are possible.

    `code` is stable and dotted ("money.style"); `candidates` are readable answers, likeliest first.
    """

    code: str
    question_vi: str
    question_en: str
    candidates: tuple[str, ...] = ()
