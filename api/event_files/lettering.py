"""Fonts of printed sheets, embedded: Vietnamese with its marks, and Han, kana, hangul by run."""

import re
from functools import cache
from importlib.resources import files
from xml.sax.saxutils import escape

REGULAR, BOLD, WIDE = "Ketnoi", "Ketnoi-Bold", "Ketnoi-Wide"
_FILES = {REGULAR: "Roboto-Regular.ttf", BOLD: "Roboto-Bold.ttf", WIDE: "DroidSansFallback.ttf"}
_WIDE_RUN = re.compile(r"[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]+")


@cache
def register_font(name: str) -> None:
    """Make one of the fonts known to reportlab, once in a process; only what is used is read."""
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415 -- slow import
    from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415

    with (files("api.event_files") / "fonts" / _FILES[name]).open("rb") as source:
        pdfmetrics.registerFont(TTFont(name, source))
    if name == BOLD:
        pdfmetrics.registerFontFamily(
            REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD
        )


def is_plain(text: str) -> bool:
    """True when the text has no East Asian letters, so that one font does."""
    return not _WIDE_RUN.search(text)


def marked(text: str) -> str:
    """The text as paragraph markup, runs of East Asian letters in a font that has them."""
    parts: list[str] = []
    end = 0
    for run in _WIDE_RUN.finditer(text):
        register_font(WIDE)
        parts += [escape(text[end : run.start()]), f'<font name="{WIDE}">{escape(run[0])}</font>']
        end = run.end()
    parts.append(escape(text[end:]))
    return "".join(parts).replace("\n", "<br/>")
