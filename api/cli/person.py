"""Who runs the command, for the history of what was changed."""

import getpass


def person() -> str:
    """Return the login name, "" where the system knows none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""
