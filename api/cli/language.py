"""The language that commands speak: KETNOI_LANG, else the terminal's, Vietnamese or English."""

import os
from collections.abc import Mapping

LANGUAGES = ("vi", "en")


def language(environ: Mapping[str, str] | None = None) -> str:
    """Return "vi" or "en": `KETNOI_LANG`, else the first of LC_ALL, LC_MESSAGES, LANG that is set.

    Anything that is not Vietnamese is English.
    """
    env = os.environ if environ is None else environ
    names = ("KETNOI_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    chosen = next((env[name] for name in names if env.get(name)), "")
    return "vi" if chosen.lower().split("_")[0].split(".")[0] == "vi" else "en"


def told(error: Exception) -> str:
    """What an error says, in the language that commands speak."""
    in_vietnamese = getattr(error, "message_vi", "") if language() == "vi" else ""
    return in_vietnamese or str(error)
